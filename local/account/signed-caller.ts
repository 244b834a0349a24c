import type { IncomingMessage } from "node:http";
import { type SignatureError, verifySignature } from "../iam/sigv4.ts";
import type { Caller, Callers } from "./callers.ts";

/** Who signed a request to a service like `execute-api`; or why nobody did, as AWS answers it. */
export function signedCaller(
  callers: Callers,
  { method = "", url = "/", headers }: IncomingMessage,
  body: Buffer,
  scope: { readonly service: string; readonly region: string },
): Caller | SignatureError {
  const signed = verifySignature(
    { method, rawUrl: url, headers, body },
    { ...scope, now: new Date(), findCredentials: (key) => callers.byAccessKey(key)?.credentials },
  );
  if ("error" in signed) return signed;
  const caller = callers.byAccessKey(signed.accessKeyId);
  if (!caller) throw new Error(`nobody has the access key ${signed.accessKeyId}, whose signature was right`);
  return caller;
}
