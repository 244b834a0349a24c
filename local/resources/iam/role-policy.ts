import { generatedName } from "../generated-name.ts";
import type { ResourceType } from "../resource-type.ts";
import { ownRole, siblings } from "./of-one-role.ts";
import {
  broken,
  policyDocument,
  policyName,
  policyPartition,
  policyProperty,
  sizeOf,
} from "./policy-documents.ts";

/** Quota of IAM for all of a role (user guide, "IAM and AWS STS quotas"): characters without white space. */
const maxPolicies = 10_240;

/** Rights of one role. */
export const rolePolicy: ResourceType = {
  type: "aws:iam/rolePolicy:RolePolicy",
  generatedName: { ...generatedName, prefixProperty: "namePrefix" },
  create: ({ inputs: { role, name } }) => ({ id: `${role}:${name}`, outputs: {} }),
  isGlobal: true,
  replacedBy: ["role", "name", "namePrefix"],
  rules: [
    policyName,
    policyDocument(policyProperty),
    policyPartition,
    {
      name: "inline-policies-size",
      check: (resource, { resources }) => {
        const size = [resource, ...siblings(resource, resources)].reduce(
          (sum, one) => sum + sizeOf(one, policyProperty),
          0,
        );
        return size > maxPolicies
          ? broken(
              resource,
              policyProperty,
              `LimitExceeded: Maximum policy size of ${maxPolicies} bytes exceeded for role ${resource.inputs.role}`,
            )
          : undefined;
      },
    },
  ],
  deployment: [
    { actions: ["iam:PutRolePolicy", "iam:GetRolePolicy", "iam:DeleteRolePolicy"], resources: ownRole },
  ],
};
