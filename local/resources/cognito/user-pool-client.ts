import type { Properties } from "../../graph/resource-graph.ts";
import { generatedName } from "../generated-name.ts";
import { digestOf, idOf } from "../identifiers.ts";
import type { ResourceType } from "../resource-type.ts";
import type { Check } from "../rule.ts";

const secondsOf: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** What a lifetime may be, and its unit where none is given (API reference, CreateUserPoolClient). */
const shortLived = { unit: "hours", least: 5 * 60, most: 86_400, range: "5 minutes to 1 day" };
const lifetimes = {
  accessToken: shortLived,
  idToken: shortLived,
  refreshToken: { unit: "days", least: 3600, most: 3650 * 86_400, range: "60 minutes to 10 years" },
};

/** A refresh token's 0 is Cognito's word for its default. */
const tokenValidity: Check = ({ inputs }) => {
  const { tokenValidityUnits = {} }: Properties = inputs;
  for (const [token, { unit: defaultUnit, least, most, range }] of Object.entries(lifetimes)) {
    const property = `${token}Validity`;
    const value = inputs[property];
    if (value === undefined || (token === "refreshToken" && value === 0)) continue;
    const unit = tokenValidityUnits[token] ?? defaultUnit;
    const seconds = value * (secondsOf[unit] ?? Number.NaN);
    if (seconds >= least && seconds <= most) continue;
    return { property, value, answer: `must be ${range}, and its unit is ${unit}` };
  }
  return undefined;
};

/** An application that signs users in. */
export const userPoolClient: ResourceType = {
  type: "aws:cognito/userPoolClient:UserPoolClient",
  generatedName,
  create: (resource) => ({
    id: idOf(resource, 26),
    outputs: { clientSecret: resource.inputs.generateSecret ? digestOf(resource).slice(0, 51) : "" },
  }),
  replacedBy: ["generateSecret", "userPoolId"],
  rules: [{ name: "token-validity", check: tokenValidity }],
};
