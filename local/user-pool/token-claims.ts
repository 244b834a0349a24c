import { randomUUID } from "node:crypto";
import type { Session } from "./sessions.ts";
import type { User } from "./user.ts";
import { verifiedAttributes } from "./user-attributes.ts";

export interface TokenArgs {
  readonly session: Session;
  readonly issuer: string;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly lifetimeSeconds: number;
  /** Whether the client has token revocation, which adds `origin_jti`, and `jti` to the ID token. */
  readonly isRevocable: boolean;
}

/** The claims of a Cognito access token, and no others; `cognito:groups` only for a member of a group. */
export function accessTokenClaims({ session, issuer, issuedAt, lifetimeSeconds, isRevocable }: TokenArgs) {
  const { user, clientId, originJti, eventId, authTime } = session;
  return {
    sub: user.sub,
    ...groupsClaim(user),
    iss: issuer,
    client_id: clientId,
    ...(isRevocable && { origin_jti: originJti }),
    event_id: eventId,
    token_use: "access",
    scope: "aws.cognito.signin.user.admin",
    auth_time: authTime,
    exp: issuedAt + lifetimeSeconds,
    iat: issuedAt,
    jti: randomUUID(),
    username: user.username,
  };
}

/** The claims of a Cognito ID token, and no others: the user's attributes are among them. */
export function idTokenClaims({ session, issuer, issuedAt, lifetimeSeconds, isRevocable }: TokenArgs) {
  const { user, clientId, originJti, eventId, authTime } = session;
  const attributes = [...user.attributes];
  const isVerified = ([name]: readonly [string, string]) => verifiedAttributes.includes(name);
  return {
    sub: user.sub,
    ...groupsClaim(user),
    ...Object.fromEntries(attributes.filter(isVerified).map(([name, value]) => [name, value === "true"])),
    iss: issuer,
    "cognito:username": user.username,
    ...(isRevocable && { origin_jti: originJti }),
    aud: clientId,
    event_id: eventId,
    token_use: "id",
    auth_time: authTime,
    exp: issuedAt + lifetimeSeconds,
    iat: issuedAt,
    ...(isRevocable && { jti: randomUUID() }),
    ...Object.fromEntries(attributes.filter((attribute) => !isVerified(attribute))),
  };
}

function groupsClaim({ groups }: User) {
  return groups.size > 0 ? { "cognito:groups": [...groups] } : {};
}
