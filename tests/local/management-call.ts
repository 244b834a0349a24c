import { operatorCredentials } from "../../local/account/callers.ts";
import { type Credentials, signRequest } from "../../local/iam/sigv4.ts";
import type { TestStack } from "../test-stack.ts";

export interface ManagementCall {
  readonly method?: "POST" | "GET" | "DELETE" | "PUT";
  readonly connectionId: string;
  readonly body?: string;
  readonly stageName?: string;
  /** Undefined for a call that is not signed. */
  readonly credentials?: Credentials | undefined;
  readonly region?: string;
}

export interface ManagementAnswer {
  readonly status: number;
  readonly errorType: string | null;
  readonly body: string;
}

/** Calls `@connections` of a stack as the operator, unless told otherwise. */
export async function manage(
  { port }: TestStack,
  { credentials = operatorCredentials, ...call }: ManagementCall,
): Promise<ManagementAnswer> {
  return send(port, call, credentials);
}

/** The same without a signature. */
export async function manageUnsigned({ port }: TestStack, call: ManagementCall): Promise<ManagementAnswer> {
  return send(port, call, undefined);
}

async function send(
  port: number,
  { method = "POST", connectionId, body = "", stageName = "prod", region = "us-east-1" }: ManagementCall,
  credentials: Credentials | undefined,
): Promise<ManagementAnswer> {
  const rawUrl = `/${stageName}/@connections/${encodeURIComponent(connectionId)}`;
  const request = { method, rawUrl, headers: { host: `127.0.0.1:${port}` }, body: Buffer.from(body) };
  const headers = credentials
    ? signRequest(request, { service: "execute-api", region, now: new Date(), credentials })
    : {};
  const response = await fetch(`http://127.0.0.1:${port}${rawUrl}`, {
    method,
    headers,
    ...(body && { body }),
  });
  return {
    status: response.status,
    errorType: response.headers.get("x-amzn-errortype"),
    body: await response.text(),
  };
}
