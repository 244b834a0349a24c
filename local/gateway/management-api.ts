import type { IncomingMessage, ServerResponse } from "node:http";
import type { Callers } from "../account/callers.ts";
import { signedCaller } from "../account/signed-caller.ts";
import { readBody } from "../http/http-body.ts";
import { percentDecoded } from "../http/percent-decoded.ts";
import type { Connection } from "./connection.ts";
import type { DeployedApi } from "./deployed-api.ts";
import { excerpt } from "./excerpt.ts";
import type { GatewayObserver } from "./gateway-event.ts";
import { isConnectionId, newId } from "./ids.ts";
import type { Limits } from "./limits.ts";

export interface ManagementApiArgs {
  readonly apis: readonly DeployedApi[];
  readonly connections: ReadonlyMap<string, Connection>;
  readonly callers: Callers;
  readonly region: string;
  readonly limits: Limits;
  readonly observe: GatewayObserver;
  /** Whether the account's throttle admits one more request; asking counts. */
  readonly admitsRequest: () => boolean;
}

/** API Gateway's limit for any request. */
const requestBytes = 10 * 1024 * 1024;

/** An error as API Gateway answers it. IAM's refusals spell `Message` in its body with a capital. */
class ManagementError extends Error {
  readonly status: number;
  readonly type: string;
  readonly member: "message" | "Message";

  constructor(status: number, type: string, message = "", member: "message" | "Message" = "message") {
    super(message);
    this.status = status;
    this.type = type;
    this.member = member;
  }
}

/** Answers `/<stage>/@connections/<id>`: post to a connection, describe it, close it. */
export async function serveManagementApi(
  args: ManagementApiArgs,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader("x-amzn-RequestId", newId());
  try {
    const body = await readBody(request, requestBytes);
    if (body === undefined) throw tooLarge();
    const answer = handle(args, request, body);
    response.writeHead(answer === undefined ? (request.method === "DELETE" ? 204 : 200) : 200, {
      "content-type": "application/json",
    });
    response.end(answer && JSON.stringify(answer));
  } catch (error) {
    if (!(error instanceof ManagementError)) throw error;
    response.writeHead(error.status, { "content-type": "application/json", "x-amzn-ErrorType": error.type });
    response.end(error.message && JSON.stringify({ [error.member]: error.message }));
  }
}

function handle(args: ManagementApiArgs, request: IncomingMessage, body: Buffer): object | undefined {
  const [path = ""] = (request.url ?? "").split("?");
  const [stageName = "", resource, connectionId, ...more] = path
    .split("/")
    .filter(Boolean)
    .map(percentDecoded);
  const api = args.apis.find((candidate) => candidate.stageName === stageName);
  if (!api || resource !== "@connections") throw new ManagementError(403, "ForbiddenException", "Forbidden");
  const method = request.method ?? "";
  if (!["POST", "GET", "DELETE"].includes(method) || connectionId === undefined || more.length > 0)
    throw new ManagementError(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
  checkCaller(args, request, body, `${api.stageArn}/${method}/@connections`, connectionId);
  // When AWS throttles and with which body is unconfirmed: here callers who may not call at all take nothing of it.
  if (!args.admitsRequest()) throw new ManagementError(429, "LimitExceededException");
  if (!isConnectionId(connectionId))
    throw new ManagementError(400, "BadRequestException", `Invalid connectionId: ${connectionId}`);
  const connection = args.connections.get(connectionId);
  if (!connection?.isOpen || connection.facts.api.stageArn !== api.stageArn)
    throw new ManagementError(410, "GoneException");
  if (method === "GET") return describe(connection);
  if (method === "DELETE") connection.close(1000, "Connection Closed Normally");
  else push(args, connection, body);
  return undefined;
}

function checkCaller(
  { callers, region }: ManagementApiArgs,
  request: IncomingMessage,
  body: Buffer,
  resources: string,
  connectionId: string,
) {
  const caller = signedCaller(callers, request, body, { service: "execute-api", region });
  if ("error" in caller) throw new ManagementError(403, caller.error, caller.message);
  if (caller.may("execute-api:ManageConnections", `${resources}/${connectionId}`)) return;
  const resource = `${withHiddenAccount(resources)}/{connectionId}`;
  const message = `User: ${caller.arn} is not authorized to perform: execute-api:ManageConnections on resource: ${resource}`;
  throw new ManagementError(403, "AccessDeniedException", message, "Message");
}

/** API Gateway shows the last four digits of an account in what it refuses. */
function withHiddenAccount(arn: string): string {
  return arn.replace(/(?<=:)\d{8}(?=\d{4}:)/, "********");
}

function push({ observe, limits }: ManagementApiArgs, connection: Connection, body: Buffer) {
  if (body.length > limits.messageBytes) throw tooLarge();
  // Local only: a client that does not read is throttled, so that what waits for it is bounded.
  if (connection.isCongested) throw new ManagementError(429, "LimitExceededException");
  const text = body.toString();
  observe({ type: "push", connectionId: connection.id, bytes: body.length, text: excerpt(text) });
  connection.send(text);
}

function describe({ facts: { handshake }, lastActiveAt }: Connection) {
  return {
    connectedAt: new Date(handshake.connectedAt).toISOString(),
    identity: { sourceIp: handshake.sourceIp, userAgent: handshake.userAgent },
    lastActiveAt: new Date(lastActiveAt).toISOString(),
  };
}

function tooLarge(): ManagementError {
  return new ManagementError(413, "PayloadTooLargeException", "Message too long");
}
