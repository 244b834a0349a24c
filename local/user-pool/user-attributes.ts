import { CognitoError, invalid } from "./cognito-error.ts";

/** One attribute as the API takes and gives it. */
export interface Attribute {
  readonly Name: string;
  readonly Value?: string | undefined;
}

/** Attributes that every pool has besides `sub`; this one has no custom attributes, and requires none. */
const standardAttributes = [
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

/**
 * Reads what a caller sets; an attribute without a value becomes an empty one.
 * Not confirmed: the texts, but for those about an e-mail address and about an unauthorized attribute.
 */
export function readAttributes(
  attributes: readonly Attribute[] = [],
  { byUser }: { byUser: boolean },
): Map<string, string> {
  for (const { Name, Value = "" } of attributes) {
    if (!standardAttributes.includes(Name)) {
      throw invalid(
        `Attributes did not conform to the schema: ${Name}: Attribute does not exist in the schema.`,
      );
    }
    if (byUser && verifiedAttributes.includes(Name)) {
      throw new CognitoError("NotAuthorizedException", "A client attempted to write unauthorized attribute");
    }
    if (Name === "email" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(Value))
      throw invalid("Invalid email address format.");
    if (Name === "phone_number" && !/^\+[0-9]{1,15}$/.test(Value))
      throw invalid("Invalid phone number format.");
  }
  return new Map(attributes.map(({ Name, Value = "" }) => [Name, Value]));
}
