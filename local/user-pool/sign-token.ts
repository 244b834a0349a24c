import { sign } from "node:crypto";
import type { SigningKey } from "./signing-keys.ts";

/**
 * Signs claims as a JWT whose header is Cognito's, `{"kid","alg":"RS256"}`.
 * The claims are not checked, members of `header` replace or extend the header, and a member set to `undefined`
 * is left out. The signature is RSA with SHA-256 whatever the header says, so tests can forge with it.
 */
export function signToken(
  claims: Readonly<Record<string, unknown>>,
  key: Pick<SigningKey, "kid" | "privateKey">,
  header: Readonly<Record<string, unknown>> = {},
): string {
  const signed = `${encode({ kid: key.kid, alg: "RS256", ...header })}.${encode(claims)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), key.privateKey).toString("base64url")}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
