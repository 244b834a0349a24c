import { evaluatePolicies, parsePolicyDocument } from "../iam/policy-evaluator.ts";
import type { DeployedApi, DeployedAuthorizer } from "./deployed-api.ts";
import { authorizerEvent } from "./events.ts";
import { callFunction, type FunctionCaller } from "./function-caller.ts";
import type { Handshake } from "./handshake.ts";
import { hasIdentity } from "./identity-source.ts";

/** What API Gateway makes of an authorizer: the caller's identity, or the status of the refusal. */
export type Authorization =
  | { readonly status: 200; readonly identity: Readonly<Record<string, string>>; readonly latencyMs: number }
  | { readonly status: 401 | 403 | 500; readonly because: string; readonly principalId?: string };

/** The time API Gateway gives an authorizer. */
const authorizerTimeoutMs = 29_000;
const maxResultBytes = 8 * 1024;

/** Asks the authorizer whether a client may open a connection. */
export async function authorize(
  authorizer: DeployedAuthorizer,
  api: DeployedApi,
  handshake: Handshake,
  caller: FunctionCaller,
): Promise<Authorization> {
  const missing = authorizer.identitySources.find((source) => !hasIdentity(source, handshake, api));
  if (missing) return { status: 401, because: `${missing} is missing, so the authorizer was not called` };
  const event = authorizerEvent({ api, handshake });
  const startedAt = performance.now();
  const result = await callFunction(caller, authorizer, event, authorizerTimeoutMs);
  const latencyMs = Math.round(performance.now() - startedAt);
  if (result.ok) return judge(result.payload, `${api.stageArn}/$connect`, latencyMs);
  return result.kind === "error" && result.errorMessage === "Unauthorized"
    ? { status: 401, because: "the authorizer answered Unauthorized" }
    : { status: 500, because: `the authorizer failed: ${result.errorMessage}` };
}

function judge(payload: unknown, methodArn: string, latencyMs: number): Authorization {
  try {
    const { principalId, policyDocument, context = {} } = readResult(payload);
    const document = parsePolicyDocument(policyDocument, "the authorizer's policy");
    if (evaluatePolicies([document], { action: "execute-api:Invoke", resource: methodArn }) !== "allowed")
      return { status: 403, because: "the authorizer's policy does not allow it", principalId };
    return { status: 200, identity: { ...asStrings(context), principalId }, latencyMs };
  } catch (error) {
    return { status: 500, because: `the authorizer's answer is malformed: ${(error as Error).message}` };
  }
}

function readResult(payload: unknown): { principalId: string; policyDocument: unknown; context?: object } {
  if (Buffer.byteLength(JSON.stringify(payload)) > maxResultBytes)
    throw new Error(`it is larger than ${maxResultBytes} bytes`);
  const { principalId, policyDocument, context } = Object(payload);
  if (typeof principalId !== "string" || principalId === "") throw new Error("principalId must be a string");
  if (typeof policyDocument !== "object" || policyDocument === null)
    throw new Error("policyDocument must be an object");
  return { principalId, policyDocument, context };
}

function asStrings(context: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(context).map(([name, value]) => {
      if (!["string", "number", "boolean"].includes(typeof value))
        throw new Error(`context.${name} must be a string, a number or a boolean`);
      return [name, String(value)];
    }),
  );
}
