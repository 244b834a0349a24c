import type { AcceptedCase, RuleCase } from "../rule-case.ts";

/** Statements that attach as many policies to a role of their own. */
const attachments = (count: number) => `
  for (let i = 0; i < ${count}; i++)
    new aws.iam.RolePolicyAttachment("many" + i, { role: "many", policyArn: "arn:aws:iam::123456789012:policy/many" + i });`;

const role = ["iam/role:Role", "sentry"] as const;

export const refused: readonly RuleCase[] = [
  {
    rule: "attached-policies",
    of: ["iam/rolePolicyAttachment:RolePolicyAttachment", "many10"],
    more: attachments(11),
    says: 'policyArn is "arn:aws:iam::123456789012:policy/many10": LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10',
  },
];

export const accepted: readonly AcceptedCase[] = [
  { what: "10 policies of a role", of: role, more: attachments(10) },
];
