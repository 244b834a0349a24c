import type { AcceptedCase, RuleCase } from "../rule-case.ts";

const user = ["cognito/user:User", "carol"] as const;

export const refused: readonly RuleCase[] = [
  {
    rule: "user-name",
    of: user,
    inputs: { username: "c".repeat(129) },
    says: `username is "${"c".repeat(129)}": must have 1 to 128 characters`,
  },
  {
    rule: "one-password",
    of: user,
    inputs: { password: "long enough 1", temporaryPassword: "long enough 2" },
    says: 'password is "[secret]": conflicts with temporaryPassword: "password" is permanent',
  },
  {
    rule: "pool-settings",
    of: user,
    inputs: { password: "eleven char" },
    says: 'password is "[secret]": InvalidPasswordException: Password does not conform to policy: Password not long enough',
  },
  {
    rule: "pool-settings",
    of: user,
    inputs: { temporaryPassword: "eleven char" },
    says: 'temporaryPassword is "[secret]": InvalidPasswordException: Password did not conform with password policy: Password not long enough',
  },
  {
    rule: "pool-settings",
    of: user,
    inputs: { attributes: { tenant: "acme" } },
    says: 'username is "carol": InvalidParameterException: Attributes did not conform to the schema: custom:tenant: Attribute does not exist in the schema.',
  },
];

export const accepted: readonly AcceptedCase[] = [
  {
    what: "a password that the pool's policy takes, without what the policy leaves out",
    of: user,
    inputs: { password: "twelve chars" },
  },
  {
    what: "a password for a pool that others have made",
    of: user,
    inputs: { userPoolId: "us-east-1_Other", password: "short1" },
  },
];
