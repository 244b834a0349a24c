import type { InvokeResult } from "../lambda/invocation.ts";
import type { FunctionTarget } from "./function-target.ts";

/** Calls functions on API Gateway's behalf. */
export interface FunctionCaller {
  /** Whether a Lambda permission lets API Gateway call the function for this route or authorizer. */
  permits(functionArn: string, sourceArn: string): boolean;
  /** Rejects if there is no such function, or none any more. */
  invoke(functionArn: string, event: unknown): Promise<InvokeResult>;
}

/** What became of a call: the function's answer, its failure, or why it was never made. */
export type CallResult =
  | InvokeResult
  | {
      readonly ok: false;
      readonly kind: "forbidden" | "unreachable" | "integrationTimeout";
      readonly errorMessage: string;
    };

/** Calls a function if its permission or the role allows it, and waits no longer than API Gateway does. Never rejects. */
export async function callFunction(
  caller: FunctionCaller,
  { functionArn, sourceArn, roleMayInvoke }: FunctionTarget,
  event: unknown,
  timeoutMs: number,
): Promise<CallResult> {
  if (!(roleMayInvoke ?? caller.permits(functionArn, sourceArn))) {
    const what = roleMayInvoke === undefined ? "no Lambda permission" : "no policy of the credentials' role";
    const errorMessage = `${what} lets API Gateway call ${functionArn} for ${sourceArn}`;
    return { ok: false, kind: "forbidden", errorMessage };
  }
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<CallResult>((resolve) => {
    timer = setTimeout(
      () => resolve({ ok: false, kind: "integrationTimeout", errorMessage: `no answer in ${timeoutMs} ms` }),
      timeoutMs,
    );
  });
  const outcome = caller
    .invoke(functionArn, event)
    .catch(({ message }: Error): CallResult => ({ ok: false, kind: "unreachable", errorMessage: message }));
  return Promise.race([outcome, timeout]).finally(() => clearTimeout(timer));
}

/** A Lambda proxy response. @returns undefined for anything else, which API Gateway answers as an error */
export function proxyResponse(result: CallResult): ProxyResponse | undefined {
  if (!result.ok) return undefined;
  const { statusCode, headers, body } = Object(result.payload) as Partial<ProxyResponse>;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  if (body !== undefined && body !== null && typeof body !== "string") return undefined;
  return { statusCode: status, headers: headers ?? {}, body: body ?? undefined };
}

export interface ProxyResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}
