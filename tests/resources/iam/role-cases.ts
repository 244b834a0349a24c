import { type AcceptedCase, constraint, type RuleCase, shown } from "../rule-case.ts";

const role = ["iam/role:Role", "sentry"] as const;

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

export const refused: readonly RuleCase[] = [
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
  {
    rule: "trust-policy-size",
    of: role,
    inputs: { assumeRolePolicy: trustOf(2049) },
    says: `assumeRolePolicy is ${shown(trustOf(2049))}: LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048`,
  },
];

export const accepted: readonly AcceptedCase[] = [
  { what: "a role's name of 64 characters", of: role, inputs: { name: "n".repeat(64) } },
  { what: "a trust policy of 2,048 characters", of: role, inputs: { assumeRolePolicy: trustOf(2048) } },
];
