import type { IncomingMessage, ServerResponse } from "node:http";
import type { Callers } from "../account/callers.ts";
import { signedCaller } from "../account/signed-caller.ts";
import type { AwsAccount } from "../graph/resource-graph.ts";
import { readBody } from "../http/http-body.ts";
import { percentDecoded } from "../http/percent-decoded.ts";
import type { FunctionDefinition } from "./function-definition.ts";
import type { InvokeResult } from "./invocation.ts";

export interface InvokeApiArgs {
  readonly functions: readonly FunctionDefinition[];
  readonly callers: Callers;
  readonly account: AwsAccount;
  readonly invoke: (functionArn: string, event: unknown) => Promise<InvokeResult>;
}

/** Largest payload in bytes, by invocation type. */
const payloadLimits = new Map([
  ["RequestResponse", 6 * 1024 ** 2],
  ["DryRun", 6 * 1024 ** 2],
  ["Event", 1024 ** 2],
]);
const path = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(\?|$)/;

/** An error as Lambda answers it. */
class InvokeError extends Error {
  readonly status: number;
  readonly type: string;
  readonly body: object;

  /** @param body as the service model has it: some of its errors spell `message`, others `Message` */
  constructor(status: number, type: string, body: object) {
    super(type);
    this.status = status;
    this.type = type;
    this.body = body;
  }
}

/**
 * Answers Lambda's `Invoke`, signed as AWS clients sign it. A function is named by its name, by its ARN or, here only,
 * by its logical name. An invocation of type Event is made once, even if it fails or is throttled.
 * @returns false for any other request, which is not answered
 */
export function serveInvokeApi(
  args: InvokeApiArgs,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const [, name] = path.exec(request.url ?? "") ?? [];
  if (name === undefined || request.method !== "POST") return false;
  answer(args, percentDecoded(name), request, response).catch((error) => response.destroy(error));
  return true;
}

async function answer(
  args: InvokeApiArgs,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader("content-type", "application/json");
  try {
    const type = String(request.headers["x-amz-invocation-type"] ?? "RequestResponse");
    const payload = await readPayload(request, type);
    const { functionArn } = authorized(args, name, request, payload);
    const event = parsed(payload);
    if (type === "RequestResponse") {
      const { failed, answered } = outcomeOf(await args.invoke(functionArn, event));
      response.setHeader("x-amz-executed-version", "$LATEST");
      if (failed) response.setHeader("x-amz-function-error", "Unhandled");
      response.end(JSON.stringify(answered));
      return;
    }
    // It rejects only when all ends, and nobody waits for it.
    if (type === "Event") args.invoke(functionArn, event).catch(() => {});
    response.writeHead(type === "Event" ? 202 : 204).end();
  } catch (error) {
    if (!(error instanceof InvokeError)) throw error;
    response.writeHead(error.status, { "x-amzn-errortype": error.type }).end(JSON.stringify(error.body));
  }
}

async function readPayload(request: IncomingMessage, invocationType: string): Promise<Buffer> {
  const limit = payloadLimits.get(invocationType);
  // The text is not confirmed.
  if (limit === undefined)
    throw new InvokeError(400, "InvalidParameterValueException", {
      Type: "User",
      message: `Value '${invocationType}' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [${[...payloadLimits.keys()].join(", ")}]`,
    });
  const payload = await readBody(request, limit);
  if (payload) return payload;
  throw new InvokeError(413, "RequestTooLargeException", {
    Type: "User",
    message: `${request.headers["content-length"]} byte payload is too large for the ${invocationType} invocation type (limit ${limit} bytes)`,
  });
}

/** The function, if the request is signed by somebody who may invoke it. */
function authorized(
  { callers, account, functions }: InvokeApiArgs,
  name: string,
  request: IncomingMessage,
  body: Buffer,
): FunctionDefinition {
  const caller = signedCaller(callers, request, body, { service: "lambda", region: account.region });
  if ("error" in caller) throw new InvokeError(403, caller.error, { message: caller.message });
  const definition =
    functions.find(({ functionName, functionArn }) => [functionName, functionArn].includes(name)) ??
    functions.find(({ logicalName }) => logicalName === name);
  const functionArn = definition?.functionArn ?? arnOf(name, account);
  if (!caller.may("lambda:InvokeFunction", functionArn))
    throw new InvokeError(403, "AccessDeniedException", {
      Message: `User: ${caller.arn} is not authorized to perform: lambda:InvokeFunction on resource: ${functionArn} because no identity-based policy allows the lambda:InvokeFunction action`,
    });
  if (definition) return definition;
  throw new InvokeError(404, "ResourceNotFoundException", {
    Type: "User",
    Message: `Function not found: ${functionArn}`,
  });
}

function arnOf(name: string, { partition, region, accountId }: AwsAccount): string {
  return name.startsWith("arn:") ? name : `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
}

/** An empty payload stands for an empty event. */
function parsed(payload: Buffer): unknown {
  try {
    return payload.length === 0 ? {} : JSON.parse(payload.toString());
  } catch (error) {
    throw new InvokeError(400, "InvalidRequestContentException", {
      Type: "User",
      message: `Could not parse request body into json: ${(error as Error).message}`,
    });
  }
}

/** What the function answered, or how it failed. @throws {InvokeError} for an invocation that was not taken */
function outcomeOf(result: InvokeResult): { readonly failed: boolean; readonly answered: unknown } {
  if (result.ok) return { failed: false, answered: result.payload };
  const { kind, errorType, errorMessage, trace } = result;
  if (kind === "throttled" || kind === "tooLarge")
    throw new InvokeError(kind === "throttled" ? 429 : 413, errorType, {
      Type: "User",
      message: errorMessage,
    });
  return { failed: true, answered: { errorType, errorMessage, ...(trace && { trace }) } };
}
