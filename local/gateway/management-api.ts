import type { IncomingMessage, ServerResponse } from "node:http";
import type { Callers } from "../account/callers.ts";
import { verifySignature } from "../iam/sigv4.ts";
import type { Connection } from "./connection.ts";
import type { DeployedApi } from "./deployed-api.ts";
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
}

/** An error as API Gateway answers it. */
class ManagementError extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, message = "") {
    super(message);
    this.status = status;
    this.type = type;
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
    const body = await readBody(request, args.limits.messageBytes);
    const answer = handle(args, request, body);
    response.writeHead(answer === undefined ? (request.method === "DELETE" ? 204 : 200) : 200, {
      "content-type": "application/json",
    });
    response.end(answer && JSON.stringify(answer));
  } catch (error) {
    if (!(error instanceof ManagementError)) throw error;
    response.writeHead(error.status, { "content-type": "application/json", "x-amzn-ErrorType": error.type });
    response.end(error.message && JSON.stringify({ message: error.message }));
  }
}

function handle(args: ManagementApiArgs, request: IncomingMessage, body: Buffer): object | undefined {
  const [path = ""] = (request.url ?? "").split("?");
  const [stageName = "", resource, connectionId = ""] = path.split("/").filter(Boolean).map(decoded);
  const api = args.apis.find((candidate) => candidate.stageName === stageName);
  if (!api || resource !== "@connections") throw new ManagementError(403, "ForbiddenException", "Forbidden");
  const method = request.method ?? "";
  if (!["POST", "GET", "DELETE"].includes(method))
    throw new ManagementError(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
  checkCaller(args, request, body, `${api.stageArn}/${method}/@connections/${connectionId}`);
  if (!isConnectionId(connectionId))
    throw new ManagementError(400, "BadRequestException", `Invalid connectionId: ${connectionId}`);
  const connection = args.connections.get(connectionId);
  if (!connection?.isOpen || connection.facts.api !== api) throw new ManagementError(410, "GoneException");
  if (method === "GET") return describe(connection);
  if (method === "DELETE") connection.close(1000, "Connection Closed Normally");
  else push(args, connection, body);
  return undefined;
}

function checkCaller(
  { callers, region }: ManagementApiArgs,
  request: IncomingMessage,
  body: Buffer,
  resource: string,
) {
  const signed = verifySignature(
    { method: request.method ?? "", rawUrl: request.url ?? "/", headers: request.headers, body },
    {
      service: "execute-api",
      region,
      now: new Date(),
      findCredentials: (key) => callers.byAccessKey(key)?.credentials,
    },
  );
  if ("error" in signed) throw new ManagementError(403, signed.error, signed.message);
  const caller = callers.byAccessKey(signed.accessKeyId);
  if (!caller?.may("execute-api:ManageConnections", resource))
    throw new ManagementError(
      403,
      "AccessDeniedException",
      `User: ${caller?.arn} is not authorized to perform: execute-api:ManageConnections on resource: ${resource}`,
    );
}

/** The text, percent-decoded where that is possible. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function push({ observe }: ManagementApiArgs, connection: Connection, body: Buffer) {
  observe({ type: "push", connectionId: connection.id, bytes: body.length });
  connection.send(body.toString());
}

function describe({ facts: { handshake }, lastActiveAt }: Connection) {
  return {
    connectedAt: new Date(handshake.connectedAt).toISOString(),
    identity: { sourceIp: handshake.sourceIp, userAgent: handshake.userAgent },
    lastActiveAt: new Date(lastActiveAt).toISOString(),
  };
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
  }
  if (bytes > maxBytes) throw new ManagementError(413, "PayloadTooLargeException", "Message too long");
  return Buffer.concat(chunks);
}
