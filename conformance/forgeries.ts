import { createHmac } from "node:crypto";
import { type Claims, claimsOf, headerOf, partsOf } from "./token-claims.ts";

/** What can be made of a good token without any key; every one must be refused. */
type Forge = (token: string) => string;

function encode(part: unknown): string {
  return Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
}

/** The token under another header, its signature kept. */
function withHeader(change: (header: Claims) => unknown): Forge {
  return (token) => {
    const [, payload, signature] = partsOf(token);
    return `${encode(change(headerOf(token)))}.${payload}.${signature}`;
  };
}

function withHeaderMembers(members: Claims): Forge {
  return withHeader((header) => ({ ...header, ...members }));
}

/** The token with other claims, its signature kept. */
function withPayload(change: (claims: Claims) => unknown): Forge {
  return (token) => {
    const [header, , signature] = partsOf(token);
    return `${header}.${encode(change(claimsOf(token)))}.${signature}`;
  };
}

function withClaims(change: Claims): Forge {
  return withPayload((claims) => ({ ...claims, ...change }));
}

function withSignature(change: (signature: string) => string): Forge {
  return (token) => {
    const [header, payload, signature] = partsOf(token);
    return `${header}.${payload}.${change(signature)}`;
  };
}

/** The signature's bytes changed, in the one spelling that they have. */
function withSignatureBytes(change: (bytes: Buffer) => Buffer): Forge {
  return withSignature((signature) => change(Buffer.from(signature, "base64url")).toString("base64url"));
}

function flipped(bytes: Buffer, i: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(i) ^ 1, i);
  return copy;
}

function signedWithSecret(secret: (token: string) => string): Forge {
  return (token) => {
    const [, payload] = partsOf(token);
    const input = `${encode({ ...headerOf(token), alg: "HS256" })}.${payload}`;
    return `${input}.${createHmac("sha256", secret(token)).update(input).digest("base64url")}`;
  };
}

/** Another spelling of the same bytes: the last character of 256 bytes has four bits that mean nothing. */
function withDanglingBits(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.slice(0, -1) + alphabet.charAt(alphabet.indexOf(text.slice(-1)) | 1);
}

const algorithms = [
  "none",
  "None",
  "NONE",
  "nOnE",
  "rs256",
  "RS384",
  "RS512",
  "PS256",
  "ES256",
  "EdDSA",
  "HS256",
];

/** By what is wrong with them. */
export const forgeries: Readonly<Record<string, Forge>> = {
  ...Object.fromEntries(
    algorithms.map((alg) => [`the algorithm ${alg} and the old signature`, withHeaderMembers({ alg })]),
  ),
  ...Object.fromEntries(
    ["none", "None", "NONE", "RS256"].map((alg) => [
      `the algorithm ${alg} and no signature`,
      (token: string) => withHeaderMembers({ alg })(token).replace(/[^.]+$/, ""),
    ]),
  ),
  "the algorithm missing": withHeader(({ alg: _, ...rest }) => rest),
  "the algorithm null": withHeaderMembers({ alg: null }),
  "a list of algorithms": withHeaderMembers({ alg: ["RS256"] }),
  "the algorithm none twice, the second time RS256": withHeader(
    ({ kid }) => `{"alg":"none","kid":${JSON.stringify(kid)},"alg":"RS256"}`,
  ),
  "HS256 with an empty secret": signedWithSecret(() => ""),
  "HS256 with the key's id as secret": signedWithSecret((token) => String(headerOf(token).kid)),
  "HS256 with the issuer as secret": signedWithSecret((token) => String(claimsOf(token).iss)),

  "the id of another key": withHeaderMembers({ kid: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }),
  "no key id": withHeader(({ kid: _, ...rest }) => rest),
  "an empty key id": withHeaderMembers({ kid: "" }),
  "the key id null": withHeaderMembers({ kid: null }),
  "a list of key ids": withHeader((header) => ({ ...header, kid: [header.kid] })),
  "the key id __proto__": withHeader(({ alg }) => ({ alg, kid: "__proto__" })),
  "the key id constructor": withHeaderMembers({ kid: "constructor" }),
  "a path as key id": withHeaderMembers({ kid: "../../../../dev/null" }),
  "a key id of 1000 characters": withHeaderMembers({ kid: "k".repeat(1000) }),

  "a key of its own (jwk)": withHeaderMembers({ jwk: { kty: "RSA", e: "AQAB", n: "AQAB" } }),
  "the address of a key set (jku)": withHeaderMembers({ jku: "https://example.com/jwks.json" }),
  "the address of a certificate (x5u)": withHeaderMembers({ x5u: "https://example.com/certificate.pem" }),
  "a certificate (x5c)": withHeaderMembers({ x5c: ["MIIB"] }),
  "a critical extension (crit)": withHeaderMembers({ crit: ["exp"] }),
  "an unencoded payload (b64)": withHeaderMembers({ b64: false, crit: ["b64"] }),
  "compression (zip)": withHeaderMembers({ zip: "DEF" }),
  "another type (typ)": withHeaderMembers({ typ: "at+jwt" }),
  "a content type (cty)": withHeaderMembers({ cty: "JWT" }),
  "a header that is a list": withHeader((header) => [header]),
  "a header that is null": withHeader(() => null),
  "a header that is not JSON": withHeader(() => "alg=RS256"),
  "white space in the header": withHeader((header) => ` ${JSON.stringify(header)}`),

  "a later expiry": withPayload((claims) => ({ ...claims, exp: Number(claims.exp) + 3600 })),
  "no expiry": withPayload(({ exp: _, ...rest }) => rest),
  "another subject": withClaims({ sub: "00000000-0000-4000-8000-000000000000" }),
  "another user": withClaims({ username: "root" }),
  "another group": withClaims({ "cognito:groups": ["admins", "root"] }),
  "another scope": withClaims({ scope: "admin" }),
  "another client": withClaims({ client_id: "0000000000000000000000000" }),
  "another use": withClaims({ token_use: "id" }),
  "another pool": withPayload((claims) => ({ ...claims, iss: `${claims.iss}x` })),
  "an issuer of its own": withClaims({ iss: "https://example.com" }),
  "one more claim": withClaims({ admin: true }),
  "the claims in another order": withPayload((claims) =>
    Object.fromEntries(Object.entries(claims).reverse()),
  ),
  "no claims": withPayload(() => ({})),
  "claims that are null": withPayload(() => null),
  "claims that are a list": withPayload((claims) => [claims]),
  "claims that are a text": withPayload((claims) => JSON.stringify(JSON.stringify(claims))),
  "claims that are not JSON": withPayload(() => "sub=alice"),
  "white space in the claims": withPayload((claims) => `${JSON.stringify(claims)} `),

  "the first bit of the signature flipped": withSignatureBytes((bytes) => flipped(bytes, 0)),
  "a bit in the middle of the signature flipped": withSignatureBytes((bytes) =>
    flipped(bytes, bytes.length >> 1),
  ),
  "the last bit of the signature flipped": withSignatureBytes((bytes) => flipped(bytes, bytes.length - 1)),
  "a signature of zeros": withSignatureBytes((bytes) => Buffer.alloc(bytes.length)),
  "a signature of ones": withSignatureBytes((bytes) => Buffer.alloc(bytes.length, 0xff)),
  "the signature backwards": withSignatureBytes((bytes) => Buffer.from(bytes).reverse()),
  "one byte less of signature": withSignatureBytes((bytes) => bytes.subarray(0, -1)),
  "half of the signature": withSignatureBytes((bytes) => bytes.subarray(0, bytes.length >> 1)),
  "one byte more of signature": withSignatureBytes((bytes) => Buffer.concat([bytes, Buffer.alloc(1)])),
  "a zero byte before the signature": withSignatureBytes((bytes) => Buffer.concat([Buffer.alloc(1), bytes])),
  "a signature of one byte": withSignature(() => "AA"),
  "the signature in another spelling": withSignature(withDanglingBits),
  "padding after the signature": withSignature((signature) => `${signature}==`),
  "the signature cut by one character": withSignature((signature) => signature.slice(0, -1)),
  "one more character of signature": withSignature((signature) => `${signature}A`),
  "the header as signature": (token) => withSignature(() => partsOf(token)[0])(token),

  "no header": (token) => `.${partsOf(token).slice(1).join(".")}`,
  "no payload": (token) => `${partsOf(token)[0]}..${partsOf(token)[2]}`,
  "header and payload only": (token) => partsOf(token).slice(0, 2).join("."),
  "the header only": (token) => partsOf(token)[0],
  "a dot before it": (token) => `.${token}`,
  "a dot after it": (token) => `${token}.`,
  "a fourth part": (token) => `${token}.AAAA`,
  "five parts": (token) => `${token}.AAAA.AAAA`,
  "its parts in another order": (token) => partsOf(token).reverse().join("."),
  "slashes between its parts": (token) => token.replaceAll(".", "/"),
  "percent signs for its dots": (token) => token.replaceAll(".", "%2E"),
  "all letters in lower case": (token) => token.toLowerCase(),
  "all letters in upper case": (token) => token.toUpperCase(),
  "another base64 around it": (token) => encode(token),
  "the form of JSON": (token) => {
    const [header, payload, signature] = partsOf(token);
    return JSON.stringify({ protected: header, payload, signature }).replaceAll(" ", "");
  },
};

/** Texts that are no token at all. */
export const junk: Readonly<Record<string, string>> = {
  "a word": "junk",
  "the word null": "null",
  "the word undefined": "undefined",
  "an empty object": "{}",
  "two dots": "..",
  "100 dots": ".".repeat(100),
  "three letters with dots": "a.b.c",
  "an asterisk": "*",
  "5000 letters": "a".repeat(5000),
  "three parts of 2000 letters": Array(3).fill("a".repeat(2000)).join("."),
};
