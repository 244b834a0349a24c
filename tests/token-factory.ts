import { randomUUID } from "node:crypto";
import { signToken } from "../local/user-pool/sign-token.ts";
import { generateSigningKeys, type SigningKey } from "../local/user-pool/signing-keys.ts";

/** The pool and clients of every test stack. */
export const userPoolId = "us-east-1_TestPool";
export const issuer = `https://cognito-idp.us-east-1.amazonaws.com/${userPoolId}`;
export const clientId = "testclient";
export const otherClientId = "secondtestclient";

/** Made once for the run: the pool's keys, and those of somebody else. */
export const signingKeys = generateSigningKeys();
export const strangersKeys = generateSigningKeys();

type Claims = Readonly<Record<string, unknown>>;

export function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** The claims of a good access token, with others in their place; undefined leaves one out. */
export function accessClaims(overrides: Claims = {}): Claims {
  return {
    sub: "0f7c3c1e-6b0b-4c3c-9d2e-2a6f0b6d8a11",
    iss: issuer,
    client_id: clientId,
    origin_jti: randomUUID(),
    event_id: randomUUID(),
    token_use: "access",
    scope: "aws.cognito.signin.user.admin",
    auth_time: now(),
    exp: now() + 3600,
    iat: now(),
    jti: randomUUID(),
    username: "alice",
    ...overrides,
  };
}

export function idClaims(overrides: Claims = {}): Claims {
  const { client_id, scope, username, ...common } = accessClaims();
  return {
    ...common,
    aud: client_id,
    token_use: "id",
    "cognito:username": username,
    email: "alice@example.com",
    ...overrides,
  };
}

/** An access token that the pool would issue, but for the given claims and header members. */
export function accessToken(
  overrides: Claims = {},
  header: Claims = {},
  key: SigningKey = signingKeys.access,
): string {
  return signToken(accessClaims(overrides), key, header);
}

export function idToken(overrides: Claims = {}, header: Claims = {}): string {
  return signToken(idClaims(overrides), signingKeys.id, header);
}
