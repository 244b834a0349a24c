import { sign } from "node:crypto";
import type { SigningKey } from "../../local/user-pool/signing-keys.ts";
import { accessClaims, idClaims, signingKeys } from "../token-factory.ts";
import { startSeconds } from "./built-authorizer.ts";

type Members = Readonly<Record<string, unknown>>;

/** Claims of a good access token at the time at which the authorizers' clocks stand. */
export function claims(overrides: Members = {}): Members {
  return accessClaims({ ...times(), ...overrides });
}

/** The same of an ID token. */
export function identityClaims(overrides: Members = {}): Members {
  return idClaims({ ...times(), ...overrides });
}

/** The header of the pool's access tokens. */
export function header(overrides: Members = {}): Members {
  return { kid: signingKeys.access.kid, alg: "RS256", ...overrides };
}

/** A token whose header and payload are anything at all: text and bytes as they are, other values as JSON. */
export function signed(
  head: unknown,
  payload: unknown,
  key: Pick<SigningKey, "privateKey"> = signingKeys.access,
): string {
  const input = `${encode(head)}.${encode(payload)}`;
  return `${input}.${sign("sha256", Buffer.from(input), key.privateKey).toString("base64url")}`;
}

/** A token that the pool would sign, but for these claims and header members; undefined leaves one out. */
export function token(claimOverrides: Members = {}, headerOverrides: Members = {}): string {
  return signed(header(headerOverrides), claims(claimOverrides));
}

export function encode(part: unknown): string {
  const bytes = typeof part === "string" || Buffer.isBuffer(part) ? part : JSON.stringify(part);
  return Buffer.from(bytes as string).toString("base64url");
}

/** The three parts of a token. */
export function partsOf(text: string): [string, string, string] {
  return text.split(".") as [string, string, string];
}

function times(): Members {
  return { iat: startSeconds - 60, auth_time: startSeconds - 60, exp: startSeconds + 3540 };
}

/** A good access token of exactly that many characters. */
export function tokenOfLength(length: number): string {
  const least = Math.floor(((length - token({ padding: "" }).length) * 3) / 4) - 3;
  for (let padding = least; padding < least + 6; padding++) {
    const payload = claims({ padding: "x".repeat(padding) });
    // The lengths of base64 leave gaps, which white space in the header fills.
    for (const space of ["", " ", "  "]) {
      const text = signed(`${JSON.stringify(header())}${space}`, payload);
      if (text.length === length) return text;
    }
  }
  throw new Error(`no token has ${length} characters`);
}
