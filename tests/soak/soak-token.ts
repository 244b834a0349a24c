import { accessToken, now, otherClientId, strangersKeys } from "../token-factory.ts";
import type { TokenKind } from "./plan.ts";

/** A token of that kind, for a user. */
export function tokenOf(kind: Exclude<TokenKind, "none">, username: string): string {
  if (kind === "garbage") return "not.a.token";
  if (kind === "forged") return accessToken({ username }, {}, strangersKeys.access);
  if (kind === "expired") return accessToken({ username, iat: now() - 7200, exp: now() - 3600 });
  if (kind === "otherPool")
    return accessToken({ username, iss: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Another" });
  return accessToken({ username, client_id: otherClientId });
}
