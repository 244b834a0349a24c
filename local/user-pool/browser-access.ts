import type { IncomingHttpHeaders } from "node:http";

/** On every answer, so that a web page of any origin may call and read it: tokens are only given for passwords. */
export const browserHeaders = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date",
} as const;

/**
 * What a browser is told that asks before it calls (OPTIONS): whatever headers it wants are allowed. Reported from
 * other AWS JSON APIs; not confirmed for Cognito.
 */
export function preflightHeaders({ "access-control-request-headers": wanted }: IncomingHttpHeaders) {
  return {
    "Access-Control-Allow-Methods": "POST",
    ...(wanted !== undefined && { "Access-Control-Allow-Headers": String(wanted) }),
    "Access-Control-Max-Age": "172800",
  };
}

/**
 * Whether a request means this server: its `Host` is loopback or the host that is emulated. A page that has its own
 * name resolve to 127.0.0.1 (DNS rebinding) sends that name, and is turned away.
 */
export function isServedHost(host: string | undefined, emulatedHost: string): boolean {
  const name = host?.toLowerCase().replace(/:\d+$/, "");
  return name !== undefined && ["localhost", "127.0.0.1", "[::1]", emulatedHost].includes(name);
}
