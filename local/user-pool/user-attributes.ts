import { CognitoError, invalid } from "./cognito-error.ts";
import type { PoolSettings, SchemaAttribute } from "./pool-settings.ts";

/** One attribute as the API takes and gives it. */
export interface Attribute {
  readonly Name: string;
  readonly Value?: string | undefined;
}

/** Attributes that every pool has besides `sub`. */
export const standardAttributes = [
  "address",
  "birthdate",
  "email",
  "email_verified",
  "family_name",
  "gender",
  "given_name",
  "locale",
  "middle_name",
  "name",
  "nickname",
  "phone_number",
  "phone_number_verified",
  "picture",
  "preferred_username",
  "profile",
  "updated_at",
  "website",
  "zoneinfo",
];

/** Attributes that only an administrator may set, and that are booleans in a token. */
export const verifiedAttributes: readonly string[] = ["email_verified", "phone_number_verified"];

type Schema = Pick<PoolSettings, "schema">;

/**
 * Reads what a caller sets; an attribute without a value becomes an empty one.
 * Not confirmed: the texts, but for those about an e-mail address and about an unauthorized attribute.
 */
export function readAttributes(
  { schema }: Schema,
  attributes: readonly Attribute[] = [],
  { byUser, isNew }: { byUser: boolean; isNew: boolean },
): Map<string, string> {
  for (const { Name, Value = "" } of attributes) {
    const described = schema.find(({ name }) => name === Name);
    if (described === undefined && !standardAttributes.includes(Name)) {
      throw nonconforming(`${Name}: Attribute does not exist in the schema.`);
    }
    if (described?.isMutable === false && !isNew) throw invalid(`user.${Name}: Attribute cannot be updated.`);
    if (described !== undefined) checkRange(described, Value);
    if (byUser && verifiedAttributes.includes(Name)) {
      throw new CognitoError("NotAuthorizedException", "A client attempted to write unauthorized attribute");
    }
    if (Name === "email" && !isEmail(Value)) throw invalid("Invalid email address format.");
    if (Name === "phone_number" && !isPhoneNumber(Value)) throw invalid("Invalid phone number format.");
  }
  return new Map(attributes.map(({ Name, Value = "" }) => [Name, Value]));
}

/** Refuses a new user without an attribute that the schema requires. */
export function requireAttributes({ schema }: Schema, attributes: ReadonlyMap<string, string>): void {
  for (const { name, isRequired } of schema)
    if (isRequired && !attributes.has(name)) throw nonconforming(`${name}: The attribute is required`);
}

export function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
}

export function isPhoneNumber(text: string): boolean {
  return /^\+[0-9]{1,15}$/.test(text);
}

function checkRange({ name, isNumber, least, most }: SchemaAttribute, value: string): void {
  if (isNumber && !/^-?[0-9]+$/.test(value)) throw nonconforming(`${name}: Attribute value is not a number`);
  const [what, size] = isNumber ? ["value", Number(value)] : ["length", value.length];
  if (least !== undefined && size < least) throw nonconforming(`${name}: ${what} must be at least ${least}`);
  if (most !== undefined && size > most) throw nonconforming(`${name}: ${what} must be at most ${most}`);
}

function nonconforming(text: string): CognitoError {
  return invalid(`Attributes did not conform to the schema: ${text}`);
}
