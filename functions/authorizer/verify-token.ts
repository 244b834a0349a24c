import { verifyJwtSync } from "aws-jwt-verify/jwt-verifier";
import { type Claims, checkClaims } from "./claims.ts";
import { Refusal } from "./refusal.ts";
import type { AuthorizerSettings } from "./settings.ts";
import { keyObjectOf, type SigningKeys } from "./signing-keys.ts";
import { decodeToken } from "./token-form.ts";

/**
 * Verifies a Cognito token: cheap checks of form and claims first, so that junk costs little, then its key, then
 * aws-jwt-verify, which decides about the signature and checks times, issuer and audience once more.
 */
export async function verifyToken(
  token: string,
  settings: AuthorizerSettings,
  keys: SigningKeys,
): Promise<Claims> {
  const { kid, payload } = decodeToken(token);
  const claims = checkClaims(payload, settings);
  const key = await keys.find(kid);
  const keyObject = keyObjectOf(key);
  const expected = {
    issuer: settings.issuer,
    // Access tokens carry no audience; their client was checked with the claims.
    audience: settings.tokenUse === "id" ? [...settings.clientIds] : null,
  };
  try {
    withoutStackTraces(() => verifyJwtSync(token, { ...key.jwk }, expected, () => keyObject));
  } catch {
    throw new Refusal("invalid_signature");
  }
  return claims;
}

/**
 * Node.js throws and catches two errors inside every RSA verification, to find out what kind of key it got
 * (24.21: isKeyObject and isCryptoKey in lib/internal/crypto/keys.js). Without their traces it takes a fifth less.
 */
function withoutStackTraces(verify: () => void): void {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    verify();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
