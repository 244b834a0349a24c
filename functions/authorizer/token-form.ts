import { Refusal } from "./refusal.ts";

/** A token taken apart. Its members are what the sender claims until the signature is verified. */
export interface DecodedToken {
  readonly kid: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

const maxTokenLength = 4096;
const maxKeyIdLength = 128;

/** Members that Cognito puts into a token's header, and `typ`. One that it adds later is refused until it is listed here. */
const headerMembers = ["alg", "kid", "typ"];

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Takes a compact JWS (RFC 7515 section 7.1) apart, and accepts only the one spelling and the one form that Cognito sends. */
export function decodeToken(token: string): DecodedToken {
  if (token.length > maxTokenLength) throw new Refusal("token_too_long");
  const parts = token.split(".", 4);
  if (parts.length !== 3) throw new Refusal("malformed_token");
  const [header, payload] = parts.map(decodePart) as [Buffer, Buffer, Buffer];
  return {
    kid: keyIdOf(parseObject(header, "malformed_header")),
    payload: parseObject(payload, "malformed_payload"),
  };
}

function decodePart(part: string): Buffer {
  const bytes = Buffer.from(part, "base64url");
  // Decoding is lenient, encoding is not: this refuses padding, dangling bits and foreign characters alike.
  if (part === "" || bytes.toString("base64url") !== part) throw new Refusal("malformed_token");
  return bytes;
}

function parseObject(
  bytes: Buffer,
  reason: "malformed_header" | "malformed_payload",
): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch {
    throw new Refusal(reason);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refusal(reason);
  // Without a prototype, a member that is not in the token is undefined, whatever its name.
  return Object.setPrototypeOf(value, null);
}

function keyIdOf(header: Readonly<Record<string, unknown>>): string {
  const { alg, kid, typ } = header;
  if (alg !== "RS256") throw new Refusal("algorithm_not_allowed");
  if (!Object.keys(header).every((member) => headerMembers.includes(member)))
    throw new Refusal("header_not_allowed");
  if (typ !== undefined && typ !== "JWT") throw new Refusal("header_not_allowed");
  if (typeof kid !== "string" || kid === "" || kid.length > maxKeyIdLength)
    throw new Refusal("invalid_key_id");
  return kid;
}
