import { verify } from "node:crypto";
import { CognitoError } from "./cognito-error.ts";
import type { User, UserPool } from "./user-pool.ts";

/**
 * The user whom an access token of this pool names, for the operations that take one as proof. Throws
 * NotAuthorizedException in Cognito's words; unlike a local verifier, the pool also refuses a revoked token.
 */
export function authenticateAccessToken(pool: UserPool, token: string): User {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const { kid, alg } = decode(header);
  const claims = decode(payload);
  const key = pool.signingKeys.access;
  const signed = Buffer.from(`${header}.${payload}`);
  if (
    kid !== key.kid ||
    alg !== "RS256" ||
    !verify("sha256", signed, key.publicKey, Buffer.from(signature, "base64url"))
  ) {
    throw notAuthorized("Could not verify signature for Access Token");
  }
  const user = pool.findUser(String(claims.username));
  if (claims.iss !== pool.issuer || claims.token_use !== "access" || user === undefined) {
    throw notAuthorized("Invalid Access Token");
  }
  if (!(Number(claims.exp) > pool.nowSeconds())) throw notAuthorized("Access Token has expired");
  if (pool.isRevoked(String(claims.origin_jti))) throw notAuthorized("Access Token has been revoked");
  if (!String(claims.scope).split(" ").includes("aws.cognito.signin.user.admin")) {
    throw notAuthorized("Access Token does not have required scopes");
  }
  return user;
}

function decode(part: string): Readonly<Record<string, unknown>> {
  try {
    return { ...JSON.parse(Buffer.from(part, "base64url").toString()) };
  } catch {
    throw notAuthorized("Invalid Access Token");
  }
}

function notAuthorized(message: string): CognitoError {
  return new CognitoError("NotAuthorizedException", message);
}
