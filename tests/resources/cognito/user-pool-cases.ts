import { constraint, type RuleCase } from "../rule-case.ts";

const pool = ["cognito/userPool:UserPool", "members"] as const;

export const refused: readonly RuleCase[] = [
  {
    rule: "password-length",
    of: pool,
    inputs: { passwordPolicy: { minimumLength: 5 } },
    says: `passwordPolicy.minimumLength is 5: ${constraint("InvalidParameterException", 5, "passwordPolicy.minimumLength", "have value greater than or equal to 6")}`,
  },
];
