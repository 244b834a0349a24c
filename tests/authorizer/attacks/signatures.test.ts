import { constants, privateEncrypt, sign } from "node:crypto";
import { publicJwk } from "../../../local/user-pool/signing-keys.ts";
import { signingKeys, strangersKeys } from "../../token-factory.ts";
import { type Attack, refuses } from "../attack-table.ts";
import { connectRequest } from "../connect-request.ts";
import { claims, encode, header, partsOf, signed, token } from "../forgery.ts";

const { access } = signingKeys;
const size = 256;
const modulus = toNumber(Buffer.from(publicJwk(access).n, "base64url"));

/** A good token, but for what is done to its signature. */
function resigned(change: (signature: Buffer) => Buffer): string {
  const [head, payload, signature] = partsOf(token());
  return `${head}.${payload}.${change(Buffer.from(signature, "base64url")).toString("base64url")}`;
}

function flipped(at: number): string {
  return resigned((signature) => {
    signature.writeUInt8(signature.readUInt8(at) ^ 1, at);
    return signature;
  });
}

function toNumber(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString("hex")}`);
}

function toBytes(number: bigint): Buffer {
  const hex = number.toString(16);
  return Buffer.from(hex.padStart(Math.max(2 * size, hex.length + (hex.length % 2)), "0"), "hex");
}

/** Signed with the pool's key, but over something else than the token's first two parts. */
function signedOver(input: (head: string, payload: string) => string, hash = "sha256"): string {
  const [head, payload] = partsOf(token());
  return `${head}.${payload}.${sign(hash, Buffer.from(input(head, payload)), access.privateKey).toString("base64url")}`;
}

const dotted = (head: string, payload: string) => `${head}.${payload}`;

refuses("signatures that are not the token's", 401, {
  invalid_signature: [
    ["a changed first byte", () => flipped(0)],
    ["a changed byte in the middle", () => flipped(size / 2)],
    ["a changed last byte", () => flipped(size - 1)],
    ["a signature without its last byte", () => resigned((s) => s.subarray(0, -1))],
    ["a signature without its first byte", () => resigned((s) => s.subarray(1))],
    ["half a signature", () => resigned((s) => s.subarray(0, size / 2))],
    ["a signature of one byte", () => resigned((s) => s.subarray(0, 1))],
    ["a signature with a zero behind it", () => resigned((s) => Buffer.concat([s, Buffer.alloc(1)]))],
    ["a signature with a zero before it", () => resigned((s) => Buffer.concat([Buffer.alloc(1), s]))],
    ["a signature twice", () => resigned((s) => Buffer.concat([s, s]))],
    ["a signature backwards", () => resigned((s) => s.reverse())],
    ["a signature of zeros", () => resigned(() => Buffer.alloc(size))],
    ["a signature of one zero", () => resigned(() => Buffer.alloc(1))],
    ["a signature of ones", () => resigned(() => Buffer.alloc(size, 0xff))],
    ["the signature 1", () => resigned(() => toBytes(1n))],
    ["the modulus as the signature", () => resigned(() => toBytes(modulus))],
    ["the modulus less 1 as the signature", () => resigned(() => toBytes(modulus - 1n))],
    ["the signature plus the modulus", () => resigned((s) => toBytes(toNumber(s) + modulus))],
    ["the modulus less the signature", () => resigned((s) => toBytes(modulus - toNumber(s)))],
    ["another token's signature", () => resigned(() => Buffer.from(partsOf(token())[2], "base64url"))],
    ["a stranger's signature", () => signed(header(), claims(), strangersKeys.access)],
    ["the ID key's signature", () => signed(header(), claims(), signingKeys.id)],
    ["SHA-1 under RS256", () => signedOver(dotted, "sha1")],
    ["SHA-224 under RS256", () => signedOver(dotted, "sha224")],
    ["SHA-384 under RS256", () => signedOver(dotted, "sha384")],
    ["SHA-512 under RS256", () => signedOver(dotted, "sha512")],
    ["SHA3-256 under RS256", () => signedOver(dotted, "sha3-256")],
    ["a signature over the header alone", () => signedOver((head) => head)],
    ["a signature over the payload alone", () => signedOver((_, payload) => payload)],
    ["a signature over the parts swapped", () => signedOver((head, payload) => dotted(payload, head))],
    ["a signature over the parts without the dot", () => signedOver((head, payload) => head + payload)],
    ["a signature over one dot more", () => signedOver((head, payload) => `${head}.${payload}.`)],
    [
      "a signature over the decoded payload",
      () => signedOver((head) => `${head}.${JSON.stringify(claims())}`),
    ],
    ["a hash without DigestInfo", bareHash],
    ["a payload that was changed after signing", () => withPayload(encode(claims({ username: "mallory" })))],
    [
      "a payload with white space that was not signed",
      () => withPayload(encode(` ${JSON.stringify(claims())}`)),
    ],
  ],
  malformed_token: [
    ["an empty signature", () => resigned(() => Buffer.alloc(0))],
    ["a missing signature", () => partsOf(token()).slice(0, 2).join(".")],
  ],
});

function withPayload(payload: string): string {
  const [head, , signature] = partsOf(token());
  return `${head}.${payload}.${signature}`;
}

/** PKCS #1 padding around the text itself, where DigestInfo belongs. */
function bareHash(): string {
  const [head, payload] = partsOf(token());
  const content = Buffer.from("0123456789abcdef0123456789abcdef");
  const key = { key: access.privateKey, padding: constants.RSA_PKCS1_PADDING };
  return `${head}.${payload}.${privateEncrypt(key, content).toString("base64url")}`;
}

/** A good token each of whose parts ends in bits that its bytes do not need. */
function tokenWithSpareBits(): string[] {
  for (let length = 0; ; length++) {
    const parts = partsOf(signed(`${JSON.stringify(header())}${" ".repeat(length % 3)}`, padded(length)));
    if (parts.every((part) => part.length % 4 !== 0)) return parts;
  }
}

function padded(length: number): string {
  return `${JSON.stringify(claims())}${" ".repeat(Math.floor(length / 3))}`;
}

/** A token with `-` and `_` in that part; good, but for the header's, which names no key. */
function tokenWithBoth(part: number): string[] {
  const kid = part === 0 ? { kid: "~~~???>>>" } : {};
  for (;;) {
    const parts = partsOf(token({ username: "~~~???>>>" }, kid));
    if (/-.*_|_.*-/.test(parts[part] ?? "")) return parts;
  }
}

function changed(parts: string[], at: number, change: (part: string) => string): string {
  return parts.map((part, i) => (i === at ? change(part) : part)).join(".");
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The same bytes in another spelling: the last character's unused bits set. */
function dangling(part: string): string {
  return part.slice(0, -1) + alphabet[alphabet.indexOf(part.slice(-1)) + 1];
}

const partNames = ["header", "payload", "signature"];
const respelt = partNames.flatMap((name, at): Attack[] => [
  [`dangling bits in the ${name}`, () => changed(tokenWithSpareBits(), at, dangling)],
  [`padding on the ${name}`, () => changed(tokenWithSpareBits(), at, padding)],
  [`one = on the ${name}`, () => changed(partsOf(token()), at, (part) => `${part}=`)],
  [`= alone before the ${name}`, () => changed(partsOf(token()), at, (part) => `=${part}`)],
  [`+ for - in the ${name}`, () => changed(tokenWithBoth(at), at, (part) => part.replaceAll("-", "+"))],
  [`/ for _ in the ${name}`, () => changed(tokenWithBoth(at), at, (part) => part.replaceAll("_", "/"))],
  [`a percent-encoded ${name}`, () => changed(partsOf(token()), at, percentEncoded)],
  [`a zero-width character in the ${name}`, () => changed(partsOf(token()), at, (part) => `${part}\u200B`)],
  [`NUL behind the ${name}`, () => changed(partsOf(token()), at, (part) => `${part}\0`)],
  [`a full-width letter in the ${name}`, () => changed(partsOf(token()), at, (part) => `${part}Ａ`)],
  [`one character too many in the ${name}`, () => changed(tokenWithSpareBits(), at, overlong)],
]);

function padding(part: string): string {
  return part.padEnd(Math.ceil(part.length / 4) * 4, "=");
}

/** A length that no number of bytes gives. */
function overlong(part: string): string {
  return part.padEnd(Math.floor(part.length / 4) * 4 + 5, "A");
}

function percentEncoded(part: string): string {
  return `%${part.charCodeAt(0).toString(16)}${part.slice(1)}`;
}

const whiteSpace = { "a space": " ", "a line end": "\n", "a tab": "\t", CRLF: "\r\n" };

refuses("second spellings of a good token", 401, {
  malformed_token: [
    ...respelt,
    ...Object.entries(whiteSpace).map(
      ([name, space]): Attack => [
        `${name} inside a token in the query`,
        () => connectRequest({}, { token: [changed(partsOf(token()), 1, (part) => `${space}${part}`)] }),
      ],
    ),
  ],
  malformed_authorization: partNames.flatMap((name, at) =>
    Object.entries(whiteSpace).map(
      ([space, characters]): Attack => [
        `${space} behind the ${name}`,
        () => changed(partsOf(token()), at, (part) => part + characters),
      ],
    ),
  ),
});
