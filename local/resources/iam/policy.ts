import { generatedName } from "../generated-name.ts";
import { idOf } from "../identifiers.ts";
import type { ResourceType } from "../resource-type.ts";
import {
  broken,
  policyDocument,
  policyName,
  policyPartition,
  policyProperty,
  sizeOf,
} from "./policy-documents.ts";

/** Quota of IAM (user guide, "IAM and AWS STS quotas"): characters without white space. */
const maxPolicy = 6144;

/** Rights that roles share. */
export const policy: ResourceType = {
  type: "aws:iam/policy:Policy",
  takesTags: true,
  generatedName: { ...generatedName, prefixProperty: "namePrefix" },
  create: (resource, { partition, accountId }) => {
    const { name, path } = resource.inputs;
    const policyArn = resource.id ?? `arn:${partition}:iam::${accountId}:policy${path ?? "/"}${name}`;
    return {
      id: policyArn,
      outputs: { arn: policyArn, policyId: `ANPA${idOf(resource, 17).toUpperCase()}` },
    };
  },
  defaults: { attachmentCount: 0, path: "/" },
  isGlobal: true,
  replacedBy: ["name", "namePrefix", "path", "description"],
  taken: {
    properties: ["arn"],
    answer: ({ outputs: { name } }) =>
      `EntityAlreadyExists: A policy called ${name} already exists. Duplicate names are not allowed.`,
  },
  refusesDeletion: ({ id }, others) =>
    others.some(
      ({ type, inputs }) =>
        (type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment" && inputs.policyArn === id) ||
        (type === "aws:iam/role:Role" && inputs.managedPolicyArns?.includes(id)),
    )
      ? "DeleteConflict: Cannot delete a policy attached to entities."
      : undefined,
  rules: [
    policyName,
    policyDocument(policyProperty),
    policyPartition,
    {
      name: "managed-policy-size",
      check: (resource) =>
        sizeOf(resource, policyProperty) > maxPolicy
          ? broken(
              resource,
              policyProperty,
              `LimitExceeded: Cannot exceed quota for PolicySize: ${maxPolicy}`,
            )
          : undefined,
    },
  ],
  deployment: [
    {
      actions: [
        ...["iam:CreatePolicy", "iam:GetPolicy", "iam:DeletePolicy", "iam:TagPolicy", "iam:UntagPolicy"],
        ...[
          "iam:CreatePolicyVersion",
          "iam:GetPolicyVersion",
          "iam:ListPolicyVersions",
          "iam:DeletePolicyVersion",
        ],
      ],
    },
  ],
};
