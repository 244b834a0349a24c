import type { RecordedResource } from "../../graph/resource-graph.ts";
import { assumableBy, declaredRole } from "./assumable-role.ts";
import type { Rule } from "./rule.ts";

const account = ["apigateway/account:Account"];

export const apiGatewayLogRoleRules: readonly Rule[] = [
  {
    name: "log-role-rights",
    types: account,
    check: ({ inputs: { cloudwatchRoleArn } }, surroundings) => {
      const role = cloudwatchRoleArn && declaredRole(cloudwatchRoleArn, surroundings);
      if (!role) return undefined;
      const isAssumable = assumableBy("apigateway.amazonaws.com", role, surroundings);
      return isAssumable && hasPolicy(role, surroundings.resources)
        ? undefined
        : {
            property: "cloudwatchRoleArn",
            value: cloudwatchRoleArn,
            answer:
              "BadRequestException: The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.",
          };
    },
  },
  {
    name: "log-role-setting-retained",
    types: account,
    severity: "warning",
    check: ({ inputs: { cloudwatchRoleArn }, retainOnDelete }) =>
      retainOnDelete
        ? undefined
        : {
            property: "cloudwatchRoleArn",
            value: cloudwatchRoleArn,
            answer:
              "destroying this stack takes the log role away from every API of the region: set retainOnDelete on it",
          },
  },
  {
    name: "log-role-retained",
    types: account,
    severity: "warning",
    check: ({ inputs: { cloudwatchRoleArn } }, surroundings) => {
      const role = cloudwatchRoleArn && declaredRole(cloudwatchRoleArn, surroundings);
      return !role || role.retainOnDelete
        ? undefined
        : {
            property: "cloudwatchRoleArn",
            value: cloudwatchRoleArn,
            answer: `destroying this stack deletes the role that every API of the region logs through: set retainOnDelete on ${role.type} "${role.name}"`,
          };
    },
  },
];

/** Whether the role has any rights yet; which ones AWS asks for is not checked. */
function hasPolicy({ id, inputs }: RecordedResource, resources: readonly RecordedResource[]): boolean {
  const types = ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws:iam/rolePolicy:RolePolicy"];
  return (
    Boolean(inputs.managedPolicyArns?.length || inputs.inlinePolicies?.length) ||
    resources.some(({ type, inputs: { role } }) => types.includes(type) && role === id)
  );
}
