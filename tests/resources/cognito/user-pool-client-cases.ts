import type { AcceptedCase, RuleCase } from "../rule-case.ts";

const client = ["cognito/userPoolClient:UserPoolClient", "members"] as const;

const shortLived = "must be 5 minutes to 1 day, and its unit is";

const refresh = "must be 60 minutes to 10 years, and its unit is";

/** A lifetime of a token, in the unit where one is given. */
function lasting(token: string, value: number, unit?: string) {
  return { [`${token}Validity`]: value, ...(unit && { tokenValidityUnits: { [token]: unit } }) };
}

export const refused: readonly RuleCase[] = [
  ...(
    [
      ["accessToken", 299, "seconds", shortLived],
      ["accessToken", 4, "minutes", shortLived],
      ["accessToken", 25, undefined, shortLived],
      ["accessToken", 0, undefined, shortLived],
      ["accessToken", 30, "weeks", shortLived],
      ["idToken", 2, "days", shortLived],
      ["refreshToken", 59, "minutes", refresh],
      ["refreshToken", 3651, undefined, refresh],
    ] as const
  ).map(([token, value, unit, rule]) => ({
    rule: "token-validity",
    of: client,
    inputs: lasting(token, value, unit),
    says: `${token}Validity is ${value}: ${rule} ${unit ?? (token === "refreshToken" ? "days" : "hours")}`,
  })),
];

export const accepted: readonly AcceptedCase[] = [
  { what: "tokens of 5 minutes", of: client, inputs: lasting("accessToken", 5, "minutes") },
  { what: "tokens of a day", of: client, inputs: lasting("idToken", 24) },
  { what: "refresh tokens of an hour", of: client, inputs: lasting("refreshToken", 60, "minutes") },
  { what: "refresh tokens of 10 years", of: client, inputs: lasting("refreshToken", 3650) },
  { what: "refresh tokens of Cognito's default", of: client, inputs: lasting("refreshToken", 0) },
];
