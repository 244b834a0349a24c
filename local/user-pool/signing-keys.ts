import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";

/** An RSA-2048 key pair with the key id that token headers name, e.g. `kid` = 32 random bytes in base64. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The two keys of a user pool: Cognito signs ID tokens with one and access tokens with the other. */
export interface SigningKeys {
  readonly id: SigningKey;
  readonly access: SigningKey;
}

/** A public key as Cognito publishes it: these members and no others. */
export type PublicJwk = {
  readonly alg: "RS256";
  readonly e: string;
  readonly kid: string;
  readonly kty: "RSA";
  readonly n: string;
  readonly use: "sig";
};

/** Makes a user pool's keys, in memory only; takes 100 ms or more, so tests make them once and share them. */
export function generateSigningKeys(): SigningKeys {
  return { id: generateSigningKey(), access: generateSigningKey() };
}

/** The public half of a key, for a JWKS. */
export function publicJwk({ kid, publicKey }: SigningKey): PublicJwk {
  const { e, n } = publicKey.export({ format: "jwk" }) as { e: string; n: string };
  return { alg: "RS256", e, kid, kty: "RSA", n, use: "sig" };
}

function generateSigningKey(): SigningKey {
  return { kid: randomBytes(32).toString("base64"), ...generateKeyPairSync("rsa", { modulusLength: 2048 }) };
}
