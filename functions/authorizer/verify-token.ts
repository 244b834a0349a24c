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
    verifyJwtSync(token, { ...key.jwk }, expected, () => keyObject);
  } catch {
    throw new Refusal("invalid_signature");
  }
  return claims;
}
