import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { type Credentials, signRequest } from "../local/iam/sigv4.ts";
import type { TargetWith } from "./target.ts";

export interface ManagementCall {
  readonly method?: "POST" | "GET" | "DELETE" | "PUT";
  readonly connectionId: string;
  readonly body?: string;
  /** Sent in place of `body`, which was signed. */
  readonly sentBody?: string;
  /** As it stands in the URL; default: the id, percent-encoded. */
  readonly path?: string;
  /** Default: the target's. */
  readonly endpoint?: string;
}

export interface Signing {
  readonly credentials?: Credentials;
  readonly region?: string;
  readonly service?: string;
  readonly now?: Date;
}

export interface ManagementAnswer {
  readonly status: number;
  readonly errorType: string | undefined;
  readonly requestId: string | undefined;
  readonly body: string;
}

type ManagedTarget = TargetWith<"managementEndpoint" | "credentials">;

/** Calls `@connections` with the target's credentials, or signed in some other way. */
export async function manage(
  target: ManagedTarget,
  call: ManagementCall,
  signing: Signing = {},
): Promise<ManagementAnswer> {
  const { region, ...credentials } = target.credentials;
  return send(call.endpoint ?? target.managementEndpoint, call, {
    credentials,
    region,
    service: "execute-api",
    now: new Date(),
    ...signing,
  });
}

/** The same without a signature. */
export async function manageUnsigned(
  { managementEndpoint }: TargetWith<"managementEndpoint">,
  call: ManagementCall,
): Promise<ManagementAnswer> {
  return send(call.endpoint ?? managementEndpoint, call, undefined);
}

async function send(
  endpoint: string,
  { method = "POST", connectionId, body = "", sentBody = body, path }: ManagementCall,
  signing: Required<Signing> | undefined,
): Promise<ManagementAnswer> {
  const { protocol, host, hostname, port, pathname } = new URL(endpoint);
  const rawUrl = `${pathname.replace(/\/$/, "")}/@connections/${path ?? encodeURIComponent(connectionId)}`;
  const unsigned = { method, rawUrl, headers: { host }, body: Buffer.from(body) };
  const headers = { host, ...(signing && signRequest(unsigned, signing)) };
  const request = protocol === "https:" ? httpsRequest : httpRequest;
  const { promise, resolve, reject } = Promise.withResolvers<ManagementAnswer>();
  request({ method, hostname, port, path: rawUrl, headers, agent: false }, async (response) => {
    const text = Buffer.concat(await response.toArray()).toString();
    const value = (name: string) => response.headers[name]?.toString();
    resolve({
      status: response.statusCode ?? 0,
      errorType: value("x-amzn-errortype")?.replace(/:.*$/, ""),
      requestId: value("x-amzn-requestid"),
      body: text,
    });
  })
    .on("error", reject)
    .end(sentBody);
  return promise;
}
