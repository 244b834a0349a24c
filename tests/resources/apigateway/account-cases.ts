import type { Alter } from "../../altered-graph.ts";
import type { AcceptedCase, RuleCase } from "../rule-case.ts";

const account = ["apigateway/account:Account", "region"] as const;

const noRights =
  "BadRequestException: The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.";

/** The program with another trust policy of the log role. */
const untrusted: Alter = (resource) =>
  resource.type.endsWith(":Role") && resource.name === "logs"
    ? {
        ...resource,
        inputs: { assumeRolePolicy: resource.inputs.assumeRolePolicy.replace("apigateway", "lambda") },
      }
    : resource;

const unattached: Alter = (resource) =>
  resource.type.endsWith(":RolePolicyAttachment") ? undefined : resource;

const otherRole = (retain: boolean) => `
  const other = new aws.iam.Role("other", { name: "other", assumeRolePolicy: trust("apigateway.amazonaws.com") }, { retainOnDelete: ${!retain} });
  const otherRights = new aws.iam.RolePolicy("other", { role: other.id, policy: document({ Effect: "Allow", Action: "logs:*", Resource: "*" }) });
  new aws.apigateway.Account("other", { cloudwatchRoleArn: other.arn }, { retainOnDelete: ${retain}, dependsOn: otherRights });`;

/** The program with a log role that has its rights in itself. */
function withRights(rights: object): Alter {
  return (resource) =>
    resource.type.endsWith(":Role") && resource.name === "logs"
      ? { ...resource, inputs: { ...resource.inputs, ...rights } }
      : unattached(resource);
}

export const refused: readonly RuleCase[] = [
  {
    rule: "log-role-rights",
    of: account,
    alter: untrusted,
    says: `cloudwatchRoleArn is "{logRole}": ${noRights}`,
  },
  {
    rule: "log-role-rights",
    of: account,
    alter: unattached,
    says: `cloudwatchRoleArn is "{logRole}": ${noRights}`,
  },
  {
    rule: "log-role-setting-retained",
    of: [account[0], "other"],
    more: otherRole(false),
    says: 'cloudwatchRoleArn is "arn:aws:iam::123456789012:role/other": destroying this stack takes the log role away from every API of the region: set retainOnDelete on it',
  },
  {
    rule: "log-role-retained",
    of: [account[0], "other"],
    more: otherRole(true),
    says: 'cloudwatchRoleArn is "arn:aws:iam::123456789012:role/other": destroying this stack deletes the role that every API of the region logs through: set retainOnDelete on aws:iam/role:Role "other"',
  },
];

export const accepted: readonly AcceptedCase[] = [
  ...[
    { managedPolicyArns: ["arn:aws:iam::aws:policy/any"] },
    { inlinePolicies: [{ name: "any", policy: "{}" }] },
  ].map((rights) => ({
    what: `a log role that has its rights as ${Object.keys(rights)}`,
    of: account,
    alter: withRights(rights),
  })),
  {
    what: "a log role of somebody else",
    of: account,
    inputs: { cloudwatchRoleArn: "arn:aws:iam::123456789012:role/theirs" },
  },
];
