import { generatedName } from "../generated-name.ts";
import { idOf } from "../identifiers.ts";
import { memberOfForm } from "../property-checks.ts";
import type { ResourceType } from "../resource-type.ts";
import { broken, type DocumentProperty, namePattern, policyDocument, sizeOf } from "./policy-documents.ts";

const trustPolicy: DocumentProperty = { property: "assumeRolePolicy", kind: "trust" };

/** Quota of IAM (user guide, "IAM and AWS STS quotas"): characters without white space. */
const maxTrustPolicy = 2048;

/** Rights that a service takes on. */
export const role: ResourceType = {
  type: "aws:iam/role:Role",
  takesTags: true,
  generatedName: { ...generatedName, prefixProperty: "namePrefix", maxLength: 64 },
  create: (resource, { partition, accountId }) => {
    const { name, path } = resource.inputs;
    return {
      id: name,
      outputs: {
        arn: `arn:${partition}:iam::${accountId}:role${path ?? "/"}${name}`,
        uniqueId: `AROA${idOf(resource, 17).toUpperCase()}`,
      },
    };
  },
  defaults: {
    createDate: "2025-01-01T00:00:00Z",
    forceDetachPolicies: false,
    maxSessionDuration: 3600,
    path: "/",
  },
  isGlobal: true,
  replacedBy: ["name", "namePrefix", "path"],
  taken: {
    properties: ["name"],
    answer: ({ outputs: { name } }) => `EntityAlreadyExists: Role with name ${name} already exists.`,
  },
  // The provider detaches what the role itself lists, and with forceDetachPolicies whatever is attached.
  refusesDeletion: ({ id, inputs }, others) => {
    if (inputs.forceDetachPolicies) return undefined;
    const types = others.filter((other) => other.inputs.role === id).map(({ type }) => type);
    if (types.includes("aws:iam/rolePolicyAttachment:RolePolicyAttachment"))
      return "DeleteConflict: Cannot delete entity, must detach all policies first.";
    return types.includes("aws:iam/rolePolicy:RolePolicy")
      ? "DeleteConflict: Cannot delete entity, must delete policies first."
      : undefined;
  },
  deletes: ({ id }, { type, inputs }) => type.startsWith("aws:iam/") && inputs.role === id,
  rules: [
    {
      name: "role-name",
      check: memberOfForm("name", "roleName", { pattern: namePattern, maxLength: 64 }, "ValidationError"),
    },
    policyDocument(trustPolicy),
    {
      name: "trust-policy-size",
      check: (resource) =>
        sizeOf(resource, trustPolicy) > maxTrustPolicy
          ? broken(
              resource,
              trustPolicy,
              `LimitExceeded: Cannot exceed quota for ACLSizePerRole: ${maxTrustPolicy}`,
            )
          : undefined,
    },
  ],
  deployment: [
    {
      actions: [
        ...[
          "iam:CreateRole",
          "iam:GetRole",
          "iam:UpdateRole",
          "iam:UpdateAssumeRolePolicy",
          "iam:DeleteRole",
        ],
        ...["iam:ListRolePolicies", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole"],
        ...["iam:TagRole", "iam:UntagRole"],
      ],
    },
  ],
};
