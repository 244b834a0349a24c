import type { RecordedResource } from "../../graph/resource-graph.ts";
import { assumableBy, declaredRole } from "../iam/assumable-role.ts";
import type { ResourceType } from "../resource-type.ts";

/** The one setting of a region that lets API Gateway log. */
export const account: ResourceType = {
  type: "aws:apigateway/account:Account",
  create: ({ id, inputs }, { accountId, apiGatewayLogRoleArn = "" }) => ({
    id: accountId,
    outputs: {
      cloudwatchRoleArn: id ? apiGatewayLogRoleArn : (inputs.cloudwatchRoleArn ?? ""),
      throttleSettings: [{ burstLimit: 5000, rateLimit: 10_000 }],
      features: ["UsagePlans"],
    },
  }),
  replacedBy: [],
  rules: [
    {
      name: "log-role-rights",
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
  ],
  deployment: [
    {
      actions: ["apigateway:GET", "apigateway:PATCH"],
      resources: (_, { account }) => [`arn:${account.partition}:apigateway:${account.region}::/account`],
    },
    {
      actions: ["iam:PassRole"],
      resources: ({ inputs }) => [inputs.cloudwatchRoleArn],
      condition: () => ({ StringEquals: { "iam:PassedToService": "apigateway.amazonaws.com" } }),
    },
  ],
};

/** Whether the role has any rights yet; which ones AWS asks for is not checked. */
function hasPolicy({ id, inputs }: RecordedResource, resources: readonly RecordedResource[]): boolean {
  const types = ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws:iam/rolePolicy:RolePolicy"];
  return (
    Boolean(inputs.managedPolicyArns?.length || inputs.inlinePolicies?.length) ||
    resources.some(({ type, inputs: { role } }) => types.includes(type) && role === id)
  );
}
