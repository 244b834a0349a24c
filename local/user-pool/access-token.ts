import { verify } from "node:crypto";
import { CognitoError, notAuthorized } from "./cognito-error.ts";
import { readToken } from "./read-token.ts";
import type { User } from "./user.ts";
import type { UserPool } from "./user-pool.ts";

/**
 * The user whom an access token of this pool, its issuer, names, for the operations that take one as proof. Throws
 * NotAuthorizedException in Cognito's words; unlike a local verifier, the pool also refuses a revoked token, and the
 * token of a user who is disabled or no longer there.
 */
export function authenticateAccessToken(pool: UserPool, token: string): User {
  const claims = verifiedClaims(pool, token);
  if (claims.token_use !== "access") throw notAuthorized("Invalid Access Token");
  if (!(Number(claims.exp) > pool.nowSeconds())) throw notAuthorized("Access Token has expired");
  const user = pool.findUser(String(claims.username));
  // Another user may have the name since.
  if (user?.sub !== claims.sub || user === undefined) {
    throw new CognitoError("UserNotFoundException", "User does not exist.");
  }
  if (!user.isEnabled) throw notAuthorized("User is disabled.");
  if (pool.sessions.isRevoked(String(claims.event_id))) throw notAuthorized("Access Token has been revoked");
  if (!String(claims.scope).split(" ").includes("aws.cognito.signin.user.admin")) {
    throw notAuthorized("Access Token does not have required scopes");
  }
  return user;
}

function verifiedClaims(pool: UserPool, token: string): Readonly<Record<string, unknown>> {
  const { header, claims } = readToken(token);
  const [signedHeader, signedClaims, signature = ""] = token.split(".");
  const key = pool.publishedKeys.map(({ access }) => access).find(({ kid }) => kid === header.kid);
  const signed = Buffer.from(`${signedHeader}.${signedClaims}`);
  if (
    key === undefined ||
    header.alg !== "RS256" ||
    !verify("sha256", signed, key.publicKey, Buffer.from(signature, "base64url"))
  ) {
    throw notAuthorized("Could not verify signature for Access Token");
  }
  return claims;
}
