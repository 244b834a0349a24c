import { type AcceptedCase, type RuleCase, shown } from "../rule-case.ts";
import { policyOf } from "./policy-of-length.ts";

const policy = ["iam/policy:Policy", "push"] as const;

export const refused: readonly RuleCase[] = [
  {
    rule: "managed-policy-size",
    of: policy,
    inputs: { policy: policyOf(6145) },
    says: `policy is ${shown(policyOf(6145))}: LimitExceeded: Cannot exceed quota for PolicySize: 6144`,
  },
];

export const accepted: readonly AcceptedCase[] = [
  { what: "a policy's name of 128 characters", of: policy, inputs: { name: "n".repeat(128) } },
  {
    what: "a managed policy of 6,144 characters, and white space",
    of: policy,
    inputs: { policy: JSON.stringify(JSON.parse(policyOf(6144)), null, 2) },
  },
  { what: "a policy that is an object", of: policy, inputs: { policy: JSON.parse(policyOf(200)) } },
];
