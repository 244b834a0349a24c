import { CognitoError } from "./cognito-error.ts";

/** At most this many items are listed at once, and that is what a caller gets who does not limit them. */
const maxItems = 60;

export const limitMember = { type: "integer", min: 0, max: maxItems } as const;
export const pageTokenMember = { type: "string", pattern: "[\\S]+", min: 1, max: 131_072 } as const;

/**
 * One page of a list, and the token for the next one if there is more. The token is a position, so what is added or
 * deleted meanwhile shifts the pages. Not confirmed: the text for a bad token, and that a limit of 0 means none.
 */
export function pageOf<T>(
  list: readonly T[],
  limit = 0,
  token?: string,
): { items: readonly T[]; next: string | undefined } {
  const from = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString() || "none");
  if (!Number.isInteger(from) || from < 0) {
    throw new CognitoError("InvalidParameterException", "Invalid pagination token");
  }
  const to = from + (limit || maxItems);
  return {
    items: list.slice(from, to),
    next: to < list.length ? Buffer.from(String(to)).toString("base64url") : undefined,
  };
}
