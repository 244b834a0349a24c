/** A public RSA key of the pool (RFC 7517, RFC 7518 section 6.3.1). */
export interface SigningKey {
  readonly kty: "RSA";
  readonly use: "sig";
  readonly alg: "RS256";
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

/** Base64url characters of a 2048-bit modulus: a shorter key must not be used (RFC 7518 section 3.3). */
const minModulusLength = 342;
/** 65537, which every Cognito key has. An exponent of 1 would let anybody sign. */
const publicExponent = "AQAB";

/**
 * Takes the RS256 signing keys out of a JSON Web Key Set.
 * @throws {Error} if the text is no key set, a key is malformed or weak, or no key is left
 */
export function parseKeySet(text: string): SigningKey[] {
  const { keys } = Object(JSON.parse(text)) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error("key set: no keys");
  const usable = keys.filter((key) => key?.kty === "RSA" && key.alg === "RS256" && key.use === "sig");
  if (usable.length === 0) throw new Error("key set: no RS256 signing key");
  return usable.map(({ kid, n, e }) => {
    if (![kid, n, e].every((member) => typeof member === "string" && member))
      throw new Error("key set: malformed key");
    if (n.length < minModulusLength || e !== publicExponent) throw new Error("key set: weak key");
    // No other member goes further: aws-jwt-verify refuses a key for one that it would not need.
    return { kty: "RSA", use: "sig", alg: "RS256", kid, n, e };
  });
}
