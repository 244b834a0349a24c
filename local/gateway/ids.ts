import { randomFillSync } from "node:crypto";

const bytesPerId = 12;
/** Random bytes for many ids: to ask for few takes as long as to ask for many. */
const pool = Buffer.alloc(256 * bytesPerId);
let used = pool.length;

/** A connection or request id in API Gateway's form: 15 URL-safe base64 characters and `=`, like `TXzPWdnOjoECGjA=`. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const start = used;
  used += bytesPerId;
  return `${pool.toString("base64url", start, used).slice(0, 15)}=`;
}

export function isConnectionId(text: string): boolean {
  return /^[\w-]{11,15}=$/.test(text);
}
