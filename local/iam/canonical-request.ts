import { createHash } from "node:crypto";
import { percentDecoded } from "../http/percent-decoded.ts";

/** A request as it is on the wire: `rawUrl` is path and query untouched, header names are in lower case. */
export interface SignedRequest {
  readonly method: string;
  readonly rawUrl: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

const unsignedPayload = "UNSIGNED-PAYLOAD";

/** Writes a request in the one form that both sides hash: the part of Signature Version 4 where clients differ. */
export function canonicalRequest(request: SignedRequest, signedHeaders: readonly string[]): string {
  const [path = "", ...query] = request.rawUrl.split("?");
  return [
    request.method,
    canonicalPath(path),
    canonicalQuery(query.join("?")),
    ...signedHeaders.map((name) => `${name}:${header(request, name) ?? ""}`),
    "",
    signedHeaders.join(";"),
    payloadHash(request),
  ].join("\n");
}

/** The wire's path without dot and empty segments, percent-encoded once more: `%3D` becomes `%253D`, `@` `%40`. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(uriEncode(segment));
  }
  return `/${segments.join("/")}${path.endsWith("/") && segments.length > 0 ? "/" : ""}`;
}

function canonicalQuery(query: string): string {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair): [string, string] => {
      const [name = "", ...value] = pair.split("=");
      return [uriEncode(percentDecoded(name)), uriEncode(percentDecoded(value.join("=")))];
    })
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Returns a header as it is signed: trimmed, inner spaces collapsed, several values joined by commas. */
export function header(request: SignedRequest, name: string): string | undefined {
  // The client chooses the names it has signed: one like "constructor" must not reach the prototype.
  const value = Object.hasOwn(request.headers, name) ? request.headers[name] : undefined;
  if (value === undefined) return undefined;
  const values = typeof value === "string" ? [value] : value;
  return values.map((each) => each.trim().replace(/\s+/g, " ")).join(",");
}

/** Returns the SHA-256 of the body in hex, or `UNSIGNED-PAYLOAD` where `x-amz-content-sha256` says so. */
export function payloadHash(request: SignedRequest): string {
  if (header(request, "x-amz-content-sha256") === unsignedPayload) return unsignedPayload;
  return createHash("sha256").update(request.body).digest("hex");
}

function uriEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
