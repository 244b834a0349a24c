import { type AcceptedCase, type RuleCase, shown } from "../rule-case.ts";
import { policyOf } from "./policy-of-length.ts";

const rolePolicy = ["iam/rolePolicy:RolePolicy", "sentry"] as const;

export const refused: readonly RuleCase[] = [
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
];

export const accepted: readonly AcceptedCase[] = [
  { what: "an inline policy of 10,240 characters", of: rolePolicy, inputs: { policy: policyOf(10_240) } },
];
