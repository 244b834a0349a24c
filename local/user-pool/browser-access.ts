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
