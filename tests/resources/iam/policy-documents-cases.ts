import { type AcceptedCase, constraint, type RuleCase, shown } from "../rule-case.ts";

const rolePolicy = ["iam/rolePolicy:RolePolicy", "sentry"] as const;

const policy = ["iam/policy:Policy", "push"] as const;

const foreign = (Resource: unknown) =>
  JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: "sns:Publish", Resource } });

const foreignTopic = "arn:aws-cn:sns:cn-north-1:123456789012:topic";

const role = ["iam/role:Role", "sentry"] as const;

export const refused: readonly RuleCase[] = [
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
];

export const accepted: readonly AcceptedCase[] = [
  { what: "a resource of any partition", of: policy, inputs: { policy: foreign("arn:*:sns:*:*:topic") } },
];
