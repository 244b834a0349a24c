import { type AcceptedCase, constraint, type RuleCase, shown } from "./rule-case.ts";

const role = ["iam/role:Role", "sentry"] as const;
const rolePolicy = ["iam/rolePolicy:RolePolicy", "sentry"] as const;
const policy = ["iam/policy:Policy", "push"] as const;

/** A policy of so many characters, without white space. */
function policyOf(characters: number): string {
  const withResource = (Resource: string) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "sns:Publish", Resource }],
    });
  const arn = "arn:aws:sns:us-east-1:123456789012:";
  return withResource(arn + "t".repeat(characters - withResource(arn).length));
}

function trustOf(characters: number): string {
  const withSid = (Sid: string) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Sid, Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    });
  return withSid("s".repeat(characters - withSid("").length));
}

const foreign = (Resource: unknown) =>
  JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: "sns:Publish", Resource } });
const foreignTopic = "arn:aws-cn:sns:cn-north-1:123456789012:topic";

/** Statements that attach as many policies to a role of their own. */
const attachments = (count: number) => `
  for (let i = 0; i < ${count}; i++)
    new aws.iam.RolePolicyAttachment("many" + i, { role: "many", policyArn: "arn:aws:iam::123456789012:policy/many" + i });`;

export const iamCases: readonly RuleCase[] = [
  {
    rule: "role-name",
    of: role,
    inputs: { name: "n".repeat(65) },
    says: `name is "${"n".repeat(65)}": ${constraint("ValidationError", "n".repeat(65), "roleName", "have length less than or equal to 64")}`,
  },
  {
    rule: "role-name",
    of: role,
    inputs: { name: "a role" },
    says: `name is "a role": ${constraint("ValidationError", "a role", "roleName", String.raw`satisfy regular expression pattern: [\w+=,.@-]+`)}`,
  },
  ...[policy, rolePolicy].flatMap((of) => [
    {
      rule: "policy-name",
      of,
      inputs: { name: "n".repeat(129) },
      says: `name is "${"n".repeat(129)}": ${constraint("ValidationError", "n".repeat(129), "policyName", "have length less than or equal to 128")}`,
    },
    {
      rule: "policy-name",
      of,
      inputs: { name: "a/policy" },
      says: `name is "a/policy": ${constraint("ValidationError", "a/policy", "policyName", String.raw`satisfy regular expression pattern: [\w+=,.@-]+`)}`,
    },
    {
      rule: "policy-document",
      of,
      inputs: { policy: "{" },
      says: `policy is "{": MalformedPolicyDocument: Syntax errors in policy. (policy: policy is not JSON: "{")`,
    },
    {
      rule: "policy-document",
      of,
      inputs: { policy: "{}" },
      says: 'policy is "{}": MalformedPolicyDocument: Syntax errors in policy. (policy: policy has no Statement)',
    },
    {
      rule: "policy-partition",
      of,
      inputs: { policy: foreign(["*", foreignTopic]) },
      says: `policy is ${shown(foreign(["*", foreignTopic]))}: MalformedPolicyDocument: Partition "aws-cn" is not valid for resource "${foreignTopic}".`,
    },
  ]),
  {
    rule: "policy-document",
    of: role,
    inputs: { assumeRolePolicy: foreign("*") },
    says: `assumeRolePolicy is ${shown(foreign("*"))}: MalformedPolicyDocument: Syntax errors in policy. (assumeRolePolicy: Statement[0] must contain Principal)`,
  },
  {
    rule: "trust-policy-size",
    of: role,
    inputs: { assumeRolePolicy: trustOf(2049) },
    says: `assumeRolePolicy is ${shown(trustOf(2049))}: LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048`,
  },
  {
    rule: "managed-policy-size",
    of: policy,
    inputs: { policy: policyOf(6145) },
    says: `policy is ${shown(policyOf(6145))}: LimitExceeded: Cannot exceed quota for PolicySize: 6144`,
  },
  {
    rule: "inline-policies-size",
    of: rolePolicy,
    inputs: { policy: policyOf(10_241) },
    says: `policy is ${shown(policyOf(10_241))}: LimitExceeded: Maximum policy size of 10240 bytes exceeded for role {roleName}`,
  },
  {
    rule: "inline-policies-size",
    of: [rolePolicy[0], "two"],
    more: `
      const half = new aws.iam.RolePolicy("one", { role: "theirs", policy: ${JSON.stringify(policyOf(6000))} });
      new aws.iam.RolePolicy("two", { role: "theirs", policy: ${JSON.stringify(policyOf(4241))} }, { dependsOn: half });`,
    says: `policy is ${shown(policyOf(4241))}: LimitExceeded: Maximum policy size of 10240 bytes exceeded for role theirs`,
  },
  {
    rule: "attached-policies",
    of: ["iam/rolePolicyAttachment:RolePolicyAttachment", "many10"],
    more: attachments(11),
    says: 'policyArn is "arn:aws:iam::123456789012:policy/many10": LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10',
  },
];

export const iamAccepted: readonly AcceptedCase[] = [
  { what: "a role's name of 64 characters", of: role, inputs: { name: "n".repeat(64) } },
  { what: "a policy's name of 128 characters", of: policy, inputs: { name: "n".repeat(128) } },
  { what: "a trust policy of 2,048 characters", of: role, inputs: { assumeRolePolicy: trustOf(2048) } },
  {
    what: "a managed policy of 6,144 characters, and white space",
    of: policy,
    inputs: { policy: JSON.stringify(JSON.parse(policyOf(6144)), null, 2) },
  },
  { what: "an inline policy of 10,240 characters", of: rolePolicy, inputs: { policy: policyOf(10_240) } },
  { what: "a policy that is an object", of: policy, inputs: { policy: JSON.parse(policyOf(200)) } },
  { what: "a resource of any partition", of: policy, inputs: { policy: foreign("arn:*:sns:*:*:topic") } },
  { what: "10 policies of a role", of: role, more: attachments(10) },
];
