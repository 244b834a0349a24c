import { everyProperty, type ResourceType } from "../resource-type.ts";
import { ownRole, siblings } from "./of-one-role.ts";

/** Quota of IAM (user guide, "IAM and AWS STS quotas"). */
const maxAttachments = 10;

/** Gives a role the rights of a policy. */
export const rolePolicyAttachment: ResourceType = {
  type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  create: ({ inputs: { role, policyArn } }) => ({ id: `${role}/${policyArn}`, outputs: {} }),
  isGlobal: true,
  deletesBeforeReplace: true,
  replacedBy: [everyProperty],
  rules: [
    {
      name: "attached-policies",
      check: (resource, { resources }) =>
        siblings(resource, resources).length >= maxAttachments
          ? {
              property: "policyArn",
              value: resource.inputs.policyArn,
              answer: `LimitExceeded: Cannot exceed quota for PoliciesPerRole: ${maxAttachments}`,
            }
          : undefined,
    },
  ],
  deployment: [
    {
      actions: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
      resources: ownRole,
      condition: ({ inputs }) => ({ ArnEquals: { "iam:PolicyARN": inputs.policyArn } }),
    },
  ],
};
