import { operatorCredentials } from "../../local/account/callers.ts";
import { type Credentials, signRequest } from "../../local/iam/sigv4.ts";
import type { TestStack } from "../test-stack.ts";

export interface ManagementCall {
  readonly method?: "POST" | "GET" | "DELETE" | "PUT";
  readonly connectionId?: string;
  /** In place of the path of the connection, as it is sent. */
  readonly path?: string;
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
  { port }: Pick<TestStack, "port">,
  { credentials = operatorCredentials, ...call }: ManagementCall,
): Promise<ManagementAnswer> {
  return answerOf(await send(port, call, credentials));
}

/** The same, with the response as it is. */
export async function manageRaw({ port }: Pick<TestStack, "port">, call: ManagementCall): Promise<Response> {
  return send(port, call, operatorCredentials);
}

/** The same without a signature. */
export async function manageUnsigned(
  { port }: Pick<TestStack, "port">,
  call: ManagementCall,
): Promise<ManagementAnswer> {
  return answerOf(await send(port, call, undefined));
}

async function send(
  port: number,
  { method = "POST", connectionId = "", path, body = "", ...call }: ManagementCall,
  credentials: Credentials | undefined,
): Promise<Response> {
  const { stageName = "prod", region = "us-east-1" } = call;
  const rawUrl = path ?? `/${stageName}/@connections/${encodeURIComponent(connectionId)}`;
  const request = { method, rawUrl, headers: { host: `127.0.0.1:${port}` }, body: Buffer.from(body) };
  const headers = credentials
    ? signRequest(request, { service: "execute-api", region, now: new Date(), credentials })
    : {};
  return await fetch(`http://127.0.0.1:${port}${rawUrl}`, { method, headers, ...(body && { body }) });
}

async function answerOf(response: Response): Promise<ManagementAnswer> {
  return {
    status: response.status,
    errorType: response.headers.get("x-amzn-errortype"),
    body: await response.text(),
  };
}
