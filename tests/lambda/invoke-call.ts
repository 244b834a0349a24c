import { operatorCredentials } from "../../local/account/callers.ts";
import { type Credentials, signRequest } from "../../local/iam/sigv4.ts";

export interface InvokeCall {
  /** As it stands in the path, percent-encoded where it must be. */
  readonly name: string;
  readonly payload?: string;
  readonly invocationType?: string;
  /** Undefined for a call that is not signed. */
  readonly credentials?: Credentials | undefined;
  readonly region?: string;
  readonly method?: string;
}

export interface InvokeAnswer {
  readonly status: number;
  /** `x-amzn-errortype`, for a call that Lambda refuses. */
  readonly errorType: string | null;
  /** `x-amz-function-error`, for a function that failed. */
  readonly functionError: string | null;
  readonly body: string;
}

/** Calls Lambda's Invoke as the operator, unless told otherwise. */
export async function invoke(port: number, call: InvokeCall): Promise<InvokeAnswer> {
  const { name, payload = "", invocationType, region = "us-east-1", method = "POST" } = call;
  const credentials = "credentials" in call ? call.credentials : operatorCredentials;
  const rawUrl = `/2015-03-31/functions/${name}/invocations`;
  const given = {
    host: `127.0.0.1:${port}`,
    ...(invocationType && { "x-amz-invocation-type": invocationType }),
  };
  const request = { method, rawUrl, headers: given, body: Buffer.from(payload) };
  const signed = credentials
    ? signRequest(request, { service: "lambda", region, now: new Date(), credentials })
    : {};
  const response = await fetch(`http://127.0.0.1:${port}${rawUrl}`, {
    method,
    headers: { ...given, ...signed },
    ...(payload && { body: payload }),
  });
  return {
    status: response.status,
    errorType: response.headers.get("x-amzn-errortype"),
    functionError: response.headers.get("x-amz-function-error"),
    body: await response.text(),
  };
}
