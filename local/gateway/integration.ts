import { type CallResult, callFunction, type FunctionCaller, proxyResponse } from "./function-caller.ts";
import type { FunctionTarget } from "./function-target.ts";
import type { MappingTemplate, TemplateScope } from "./mapping-template.ts";
import { Message } from "./message.ts";
import type { Selection } from "./selection-expression.ts";

/** What a route hands its messages to. */
export type Integration =
  | { readonly type: "AWS_PROXY"; readonly target: FunctionTarget; readonly timeoutMs: number }
  | ({ readonly type: "AWS"; readonly target: FunctionTarget; readonly timeoutMs: number } & Mappings)
  | ({ readonly type: "MOCK" } & Mappings);

/** How requests and answers of an integration that is no proxy are transformed. */
export interface Mappings {
  readonly request: TemplateSet;
  /** Whether a request for which there is no template passes as it is. */
  readonly passesThrough: boolean;
  readonly responses: readonly IntegrationResponse[];
}

export interface IntegrationResponse {
  /** Whether its key is `$default`: it takes what no other does. */
  readonly isDefault: boolean;
  /** Whether its pattern fits a status code or an error message. */
  readonly fits: (outcome: string) => boolean;
  readonly templates: TemplateSet;
}

export interface TemplateSet {
  readonly select: Selection;
  readonly templates: ReadonlyMap<string, MappingTemplate>;
}

export interface IntegrationRequest {
  /** What a proxy integration's function gets. */
  readonly event: Readonly<Record<string, unknown>>;
  /** An empty one where the event has no body. */
  readonly message: Message;
  readonly stageVariables: Readonly<Record<string, string>>;
  /** Whether anything becomes of the answer's body. */
  readonly wantsBody: boolean;
}

/** An integration's answer, or the status with which it fails on `$connect` and why. */
export type IntegrationResult =
  | {
      readonly ok: true;
      readonly statusCode: number;
      readonly headers: Readonly<Record<string, unknown>>;
      readonly body: string | undefined;
    }
  | { readonly ok: false; readonly status: 415 | 500 | 502 | 504; readonly because: string };

/** Asks an integration. */
export async function callIntegration(
  integration: Integration,
  request: IntegrationRequest,
  caller: FunctionCaller,
): Promise<IntegrationResult> {
  if (integration.type === "AWS_PROXY") {
    const { target, timeoutMs } = integration;
    const result = await callFunction(caller, target, request.event, timeoutMs);
    const response = proxyResponse(result);
    if (response) return { ok: true, ...response };
    return result.ok
      ? { ok: false, status: 502, because: "the function's answer has no statusCode" }
      : failureOf(result);
  }
  const scope: TemplateScope = {
    input: request.message,
    context: Object(request.event.requestContext),
    stageVariables: request.stageVariables,
  };
  try {
    const payload = requestPayload(integration, scope);
    if (payload === undefined)
      return { ok: false, status: 415, because: "there is no template for it, and it may not pass without" };
    return integration.type === "MOCK"
      ? mockAnswer(integration, payload, scope, request.wantsBody)
      : await functionAnswer(integration, payload, scope, request.wantsBody, caller);
  } catch (error) {
    return { ok: false, status: 500, because: (error as Error).message };
  }
}

/**
 * Where the function was never called (Lambda developer guide, "Handling errors with an API Gateway API"; confirmed
 * for REST and HTTP APIs only) or has not answered; a function that failed gives 502.
 */
const failureStatuses: { readonly [kind in CallFailure["kind"]]?: 500 | 504 } = {
  forbidden: 500,
  unreachable: 500,
  throttled: 500,
  tooLarge: 500,
  integrationTimeout: 504,
};

type CallFailure = CallResult & { ok: false };

function failureOf(result: CallFailure): IntegrationResult {
  return { ok: false, status: failureStatuses[result.kind] ?? 502, because: result.errorMessage };
}

/** Undefined: the request is refused. */
function requestPayload({ request, passesThrough }: Mappings, scope: TemplateScope): string | undefined {
  const template = templateFor(request, scope.input);
  if (template) return template(scope);
  return passesThrough ? scope.input.text : undefined;
}

function templateFor({ select, templates }: TemplateSet, message: Message): MappingTemplate | undefined {
  return templates.get(select(message) ?? "") ?? templates.get("$default");
}

function mockAnswer(
  { responses }: Mappings,
  payload: string,
  scope: TemplateScope,
  wantsBody: boolean,
): IntegrationResult {
  const { statusCode } = Object(new Message(payload).json);
  // As REST APIs do; unconfirmed for WebSocket APIs.
  if (!Number.isInteger(statusCode))
    return { ok: false, status: 500, because: "the mock's request template gives no statusCode" };
  const answered = { ok: true, statusCode, headers: {} } as const;
  if (!wantsBody) return { ...answered, body: undefined };
  const response = responseFor(responses, String(statusCode));
  if (!response) return unanswered(`the status ${statusCode}`);
  return { ...answered, body: templateFor(response.templates, scope.input)?.(scope) };
}

async function functionAnswer(
  { target, timeoutMs, responses }: Extract<Integration, { type: "AWS" }>,
  payload: string,
  scope: TemplateScope,
  wantsBody: boolean,
  caller: FunctionCaller,
): Promise<IntegrationResult> {
  // Lambda takes JSON only. Without a body, API Gateway sends an empty object; unconfirmed for WebSocket APIs.
  const event = payload === "" ? {} : new Message(payload).json;
  if (event === undefined)
    return { ok: false, status: 500, because: "the function's event would not be JSON" };
  const result = await callFunction(caller, target, event, timeoutMs);
  const answer = lambdaAnswer(result);
  if (answer === undefined) return failureOf(result as CallFailure);
  // Which status a function that fails gives $connect is unconfirmed; it is that of a proxy integration here.
  const answered = { ok: true, statusCode: result.ok ? 200 : 502, headers: {} } as const;
  if (!wantsBody) return { ...answered, body: undefined };
  const { errorMessage } = Object(answer);
  const response = responseFor(responses, errorMessage);
  if (!response)
    return unanswered(errorMessage === undefined ? "what it answers" : `the error ${errorMessage}`);
  const input = new Message(JSON.stringify(answer));
  const template = templateFor(response.templates, scope.input);
  return { ...answered, body: template ? template({ ...scope, input }) : input.text };
}

/** The payload that Lambda answers, that of an error included; undefined where it was never called, or has not answered. */
function lambdaAnswer(result: CallResult): unknown {
  if (result.ok) return result.payload ?? null;
  if (failureStatuses[result.kind] !== undefined) return undefined;
  const { errorType, errorMessage } = result as { errorType?: string; errorMessage: string };
  return { errorType, errorMessage };
}

function responseFor(
  responses: readonly IntegrationResponse[],
  outcome: unknown,
): IntegrationResponse | undefined {
  return (
    responses.find(({ fits }) => typeof outcome === "string" && fits(outcome)) ??
    responses.find(({ isDefault }) => isDefault)
  );
}

/** An integration that is no proxy must have an integration response; what AWS answers without is unconfirmed. */
function unanswered(outcome: string): IntegrationResult {
  return { ok: false, status: 500, because: `no integration response takes ${outcome}` };
}
