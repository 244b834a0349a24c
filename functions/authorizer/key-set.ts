/** A public RSA key of the pool (RFC 7517, RFC 7518 section 6.3.1). */
export interface SigningKey {
  readonly kty: "RSA";
  readonly use: "sig";
  readonly alg: "RS256";
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

/**
 * Takes the RS256 signing keys out of a JSON Web Key Set.
 * @throws {Error} if the text is no key set, a key is malformed, or no key is left
 */
export function parseKeySet(text: string): SigningKey[] {
  const { keys } = Object(JSON.parse(text)) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error("key set: no keys");
  const usable = keys.filter((key) => key?.kty === "RSA" && key.alg === "RS256" && key.use === "sig");
  if (usable.length === 0) throw new Error("key set: no RS256 signing key");
  for (const { kid, n, e } of usable)
    if (![kid, n, e].every((member) => typeof member === "string" && member))
      throw new Error("key set: malformed key");
  return usable;
}
