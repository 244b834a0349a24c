import { randomUUID } from "node:crypto";
import { invalid } from "./cognito-error.ts";
import {
  type Attribute,
  isEmail,
  isPhoneNumber,
  readAttributes,
  requireAttributes,
} from "./user-attributes.ts";
import type { UserPool } from "./user-pool.ts";

/** What a user is to be called, with the attributes that come of it. */
export interface NewUserName {
  readonly username: string;
  readonly sub: string;
  readonly attributes: Map<string, string>;
}

const forms: Readonly<Record<string, (text: string) => boolean>> = {
  email: isEmail,
  phone_number: isPhoneNumber,
};

/**
 * The name of a user to be. Where users are named by e-mail address or phone number, that is an attribute, and the name
 * is the user's `sub`. Reported from real answers: the texts for an e-mail address; not confirmed: those for both.
 */
function nameUser(
  { settings: { usernameAttributes } }: Pick<UserPool, "settings">,
  given: string,
  attributes: ReadonlyMap<string, string>,
  sub: string = randomUUID(),
): NewUserName {
  if (usernameAttributes.length === 0) return { username: given, sub, attributes: new Map(attributes) };
  const attribute = usernameAttributes.find((name) => forms[name]?.(given));
  if (attribute === undefined) throw invalid(`Username should be ${wordsFor(usernameAttributes)}.`);
  if ((attributes.get(attribute) ?? given) !== given) {
    const [what, which] = attribute === "email" ? ["email", "email"] : ["phone number", "phone_number"];
    throw invalid(`User ${what} should be empty or same as username, since username attribute is ${which}`);
  }
  return { username: sub, sub, attributes: new Map([...attributes, [attribute, given]]) };
}

/** Reads what a new user is given; throws for attributes that the schema does not have, or requires. */
export function readNewUser(
  pool: Pick<UserPool, "settings">,
  given: string,
  attributes: readonly Attribute[] | undefined,
  { byUser, sub }: { byUser: boolean; sub?: string | undefined },
): NewUserName {
  const read = readAttributes(pool.settings, attributes, { byUser, isNew: true });
  const user = nameUser(pool, given, read, sub);
  requireAttributes(pool.settings, user.attributes);
  return user;
}

function wordsFor(usernameAttributes: readonly string[]): string {
  if (usernameAttributes.length > 1) return "either an email or a phone number";
  return usernameAttributes[0] === "email" ? "an email" : "a phone number";
}
