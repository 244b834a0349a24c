import { randomUUID } from "node:crypto";
import type { Session } from "./user-pool.ts";

/** Lifetime of access and ID tokens: Cognito's default of one hour. */
export const tokenLifetimeSeconds = 3600;

/** The claims of a Cognito access token, and no others; `cognito:groups` only for a member of a group. */
export function accessTokenClaims(session: Session, issuer: string, nowSeconds: number) {
  const { user, clientId, originJti, eventId, authTime } = session;
  return {
    sub: user.sub,
    ...groupsClaim(user.groups),
    iss: issuer,
    client_id: clientId,
    origin_jti: originJti,
    event_id: eventId,
    token_use: "access",
    scope: "aws.cognito.signin.user.admin",
    auth_time: authTime,
    exp: nowSeconds + tokenLifetimeSeconds,
    iat: nowSeconds,
    jti: randomUUID(),
    username: user.username,
  };
}

/** The claims of a Cognito ID token, and no others; the email claims only for a user who has one. */
export function idTokenClaims(session: Session, issuer: string, nowSeconds: number) {
  const { user, clientId, originJti, eventId, authTime } = session;
  return {
    sub: user.sub,
    ...groupsClaim(user.groups),
    ...(user.email !== undefined && { email_verified: true }),
    iss: issuer,
    "cognito:username": user.username,
    origin_jti: originJti,
    aud: clientId,
    event_id: eventId,
    token_use: "id",
    auth_time: authTime,
    exp: nowSeconds + tokenLifetimeSeconds,
    iat: nowSeconds,
    jti: randomUUID(),
    ...(user.email !== undefined && { email: user.email }),
  };
}

function groupsClaim(groups: readonly string[]) {
  return groups.length > 0 ? { "cognito:groups": groups } : {};
}
