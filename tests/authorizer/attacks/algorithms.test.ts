import {
  constants,
  createHmac,
  generateKeyPairSync,
  type KeyObject,
  type SignKeyObjectInput,
  sign,
} from "node:crypto";
import { publicJwk } from "../../../local/user-pool/signing-keys.ts";
import { signingKeys } from "../../token-factory.ts";
import { type Attack, refuses } from "../attack-table.ts";
import { claims, encode, header, partsOf, signed, token } from "../forgery.ts";

const { access } = signingKeys;
const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey;
const p521 = generateKeyPairSync("ec", { namedCurve: "P-521" }).privateKey;
const ed25519 = generateKeyPairSync("ed25519").privateKey;
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };

/** A token signed as its `alg` demands, or, with `claimed`, as another algorithm than it claims. */
function signedAs(alg: string, hash: string | null, key: KeyObject | SignKeyObjectInput, claimed = alg) {
  const input = `${encode(header({ alg: claimed }))}.${encode(claims())}`;
  return `${input}.${sign(hash, Buffer.from(input), key as KeyObject).toString("base64url")}`;
}

const otherAlgorithms: readonly (readonly [string, string | null, KeyObject | SignKeyObjectInput])[] = [
  ["RS1", "sha1", access.privateKey],
  ["RS384", "sha384", access.privateKey],
  ["RS512", "sha512", access.privateKey],
  ["PS256", "sha256", { key: access.privateKey, ...pss }],
  ["PS384", "sha384", { key: access.privateKey, ...pss }],
  ["PS512", "sha512", { key: access.privateKey, ...pss }],
  ["ES256", "sha256", { key: p256, dsaEncoding: "ieee-p1363" }],
  ["ES384", "sha384", { key: p384, dsaEncoding: "ieee-p1363" }],
  ["ES512", "sha512", { key: p521, dsaEncoding: "ieee-p1363" }],
  ["EdDSA", null, ed25519],
];

const { n } = publicJwk(access);
const publicKeyForms: readonly (readonly [string, string | Buffer])[] = [
  ["PEM", access.publicKey.export({ type: "spki", format: "pem" })],
  [
    "PEM without the last line end",
    String(access.publicKey.export({ type: "spki", format: "pem" })).trimEnd(),
  ],
  ["PKCS #1 PEM", access.publicKey.export({ type: "pkcs1", format: "pem" })],
  ["DER", access.publicKey.export({ type: "spki", format: "der" })],
  ["PKCS #1 DER", access.publicKey.export({ type: "pkcs1", format: "der" })],
  ["JWK", JSON.stringify(publicJwk(access))],
  ["modulus", n],
  ["modulus bytes", Buffer.from(n, "base64url")],
];

function macWith(secret: string | Buffer, alg: string, hash = "sha256"): string {
  const input = `${encode(header({ alg }))}.${encode(claims())}`;
  return `${input}.${createHmac(hash, secret).update(input).digest("base64url")}`;
}

/** Every way to write a word in capital and small letters. */
function spellings(word: string): string[] {
  if (word === "") return [""];
  const first = word.slice(0, 1);
  return spellings(word.slice(1)).flatMap((rest) => [first.toLowerCase() + rest, first.toUpperCase() + rest]);
}

function unsigned(alg: unknown): string {
  return `${encode(header({ alg }))}.${encode(claims())}`;
}

const headerText = JSON.stringify(header());

refuses("alg none", 401, {
  algorithm_not_allowed: [
    ...spellings("none").map(
      (alg): Attack => [`alg ${alg} beside a good signature`, () => token({}, { alg })],
    ),
    ...spellings("none").map((alg): Attack => [`alg ${alg} beside junk`, () => `${unsigned(alg)}.AAAA`]),
    ["alg none and a space", () => token({}, { alg: "none " })],
    ["alg none after RS256", () => signed(headerText.replace("}", ',"alg":"none"}'), claims())],
    ["alg none as the only header member", () => signed({ alg: "none" }, claims())],
  ],
  malformed_token: [
    ...spellings("none").map((alg): Attack => [`alg ${alg} and no signature`, () => `${unsigned(alg)}.`]),
    ["alg none and no third part", () => unsigned("none")],
    ["RS256 and no signature", () => `${unsigned("RS256")}.`],
  ],
  header_not_allowed: [
    ["typ none", () => token({}, { typ: "none" })],
    ["enc none", () => token({}, { enc: "none" })],
  ],
  unknown_key: [["kid none", () => token({}, { kid: "none" })]],
  invalid_signature: [
    [
      "alg none before RS256, unsigned",
      () => `${encode(headerText.replace("{", '{"alg":"none",'))}.${encode(claims())}.AAAA`,
    ],
  ],
});

refuses("the public key as a secret", 401, {
  algorithm_not_allowed: [
    ...publicKeyForms.map(([form, key]): Attack => [`HS256 with the ${form}`, () => macWith(key, "HS256")]),
    ...publicKeyForms.map(
      ([form, key]): Attack => [`HS384 with the ${form}`, () => macWith(key, "HS384", "sha384")],
    ),
    ...publicKeyForms.map(
      ([form, key]): Attack => [`HS512 with the ${form}`, () => macWith(key, "HS512", "sha512")],
    ),
    ["HS256 with an empty secret", () => macWith("", "HS256")],
    ["hs256 with the PEM", () => macWith(publicKeyForms[0]?.[1] ?? "", "hs256")],
  ],
  invalid_signature: publicKeyForms.map(
    ([form, key]): Attack => [`an HMAC with the ${form} that claims RS256`, () => macWith(key, "RS256")],
  ),
});

refuses("other algorithms", 401, {
  algorithm_not_allowed: otherAlgorithms.map(
    ([alg, hash, key]): Attack => [`${alg}, signed as such`, () => signedAs(alg, hash, key)],
  ),
  invalid_signature: otherAlgorithms.map(
    ([alg, hash, key]): Attack => [`${alg} that claims RS256`, () => signedAs(alg, hash, key, "RS256")],
  ),
});

const notRs256: readonly unknown[] = [
  undefined,
  null,
  ["RS256"],
  [],
  {},
  { RS256: "RS256" },
  256,
  0,
  true,
  "",
  "rs256",
  "Rs256",
  "RS256 ",
  " RS256",
  "RS256\0",
  "RS256\n",
  "RS256,none",
  "RS-256",
  "RSA256",
  "RS2560",
  "RSA-OAEP",
  "dir",
  "ＲＳ256",
  "constructor",
  "__proto__",
];

refuses("what is not RS256, on a token that the pool signed", 401, {
  algorithm_not_allowed: notRs256.map(
    (alg): Attack => [
      alg === undefined ? "a missing alg" : `alg ${JSON.stringify(alg)}`,
      () => token({}, { alg }),
    ],
  ),
});

refuses("the header of one token on another", 401, {
  invalid_signature: [
    ["a header with typ that was not signed", () => withHeader({ typ: "JWT" })],
    ["a header in another order", () => withHeader({}, { alg: "RS256", kid: access.kid })],
  ],
  algorithm_not_allowed: [["alg changed after signing", () => withHeader({ alg: "none" })]],
});

function withHeader(overrides: Readonly<Record<string, unknown>>, whole = header(overrides)): string {
  const [, payload, signature] = partsOf(token());
  return `${encode(whole)}.${payload}.${signature}`;
}
