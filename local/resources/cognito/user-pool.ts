import { generatedName } from "../generated-name.ts";
import { arnOf, idOf } from "../identifiers.ts";
import { memberBetween } from "../property-checks.ts";
import type { ResourceType } from "../resource-type.ts";

/** Users who sign in. */
export const userPool: ResourceType = {
  type: "aws:cognito/userPool:UserPool",
  takesTags: true,
  generatedName,
  create: (resource, account) => {
    const id = resource.id ?? `${account.region}_${idOf(resource, 9)}`;
    return {
      id,
      outputs: {
        arn: arnOf("cognito-idp", account, `userpool/${id}`),
        endpoint: `cognito-idp.${account.region}.${account.dnsSuffix}/${id}`,
      },
    };
  },
  defaults: {
    creationDate: "2025-01-01T00:00:00Z",
    deletionProtection: "INACTIVE",
    estimatedNumberOfUsers: 0,
    lastModifiedDate: "2025-01-01T00:00:00Z",
    mfaConfiguration: "OFF",
    userPoolTier: "ESSENTIALS",
  },
  replacedBy: ["aliasAttributes", "usernameAttributes", "usernameConfiguration"],
  refusesDeletion: ({ outputs }) =>
    outputs.deletionProtection === "ACTIVE"
      ? "InvalidParameterException: The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first."
      : undefined,
  deletes: ({ id }, { type, inputs }) => type.startsWith("aws:cognito/") && inputs.userPoolId === id,
  rules: [
    {
      name: "password-length",
      check: memberBetween("passwordPolicy.minimumLength", 6, 99, "InvalidParameterException"),
    },
  ],
};
