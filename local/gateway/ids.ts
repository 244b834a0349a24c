import { randomBytes } from "node:crypto";

/** A connection or request id in API Gateway's form: 15 URL-safe base64 characters and `=`, like `TXzPWdnOjoECGjA=`. */
export function newId(): string {
  return `${randomBytes(12).toString("base64url").slice(0, 15)}=`;
}

export function isConnectionId(text: string): boolean {
  return /^[\w-]{11,15}=$/.test(text);
}
