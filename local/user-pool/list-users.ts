import { CognitoError } from "./cognito-error.ts";
import { defineOperation, type Operation, userPoolIdMember } from "./operation.ts";
import { limitMember, pageOf, pageTokenMember } from "./page.ts";
import type { User } from "./user.ts";
import { describeUser } from "./user-operations.ts";

/** Lists users, in the order in which they were created, those that fit a filter like `email ^= "alice"`. */
export const listUsers: Operation = defineOperation({
  credentials: "signature",
  members: {
    UserPoolId: userPoolIdMember,
    AttributesToGet: { type: "list", item: { type: "string", min: 1, max: 32 } },
    Limit: limitMember,
    PaginationToken: pageTokenMember,
    Filter: { type: "string", max: 256 },
  },
  run(pool, { AttributesToGet, Limit, PaginationToken, Filter = "" }) {
    const { items, next } = pageOf(pool.users.filter(fits(Filter)), Limit, PaginationToken);
    const isAsked = ({ Name }: { Name: string }) => AttributesToGet?.includes(Name) ?? true;
    const Users = items.map(describeUser).map(({ Attributes, ...user }) => ({
      ...user,
      Attributes: Attributes.filter(isAsked),
    }));
    return { Users, ...(next !== undefined && { PaginationToken: next }) };
  },
});

/** The attributes that Cognito can search for, besides those that are no attributes in `ownFilters`. */
const searchable = ["email", "phone_number", "name", "given_name", "family_name", "preferred_username"];
const ownFilters: ReadonlyMap<string, (user: User) => string> = new Map([
  ["username", ({ username }) => username],
  ["sub", ({ sub }) => sub],
  ["status", ({ isEnabled }) => (isEnabled ? "Enabled" : "Disabled")],
  ["cognito:user_status", ({ status }) => status],
]);

/** Not confirmed: the text of the refusal. */
function fits(filter: string): (user: User) => boolean {
  if (filter.trim() === "") return () => true;
  const [, name = "", operator, value = ""] =
    /^\s*([\w:]+)\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/.exec(filter) ?? [];
  const read =
    ownFilters.get(name) ??
    (searchable.includes(name) ? (user: User) => user.attributes.get(name) : undefined);
  if (read === undefined) {
    throw new CognitoError("InvalidParameterException", "Error while parsing filter.");
  }
  const isStatus = name === "cognito:user_status";
  const fold = (text: string) => (isStatus ? text.toLowerCase() : text);
  const wanted = fold(value.replace(/\\(.)/g, "$1"));
  return (user) => {
    const actual = fold(read(user) ?? "");
    return operator === "=" ? actual === wanted : actual.startsWith(wanted);
  };
}
