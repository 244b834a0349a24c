import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
  validateHeaderValue,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Callers } from "../account/callers.ts";
import { isServedHost } from "../http/served-host.ts";
import { authorize } from "./authorization.ts";
import { Connection } from "./connection.ts";
import type { DeployedApi } from "./deployed-api.ts";
import { type ConnectionFacts, connectEvent } from "./events.ts";
import { FrameSizes } from "./frame-sizes.ts";
import type { FunctionCaller } from "./function-caller.ts";
import type { GatewayObserver } from "./gateway-event.ts";
import { clientOf, type Handshake, isWebSocketHandshake, readHandshake } from "./handshake.ts";
import { newId } from "./ids.ts";
import { callIntegration } from "./integration.ts";
import { awsLimits, type Limits } from "./limits.ts";
import { serveManagementApi } from "./management-api.ts";
import { Message } from "./message.ts";
import { perMessageDeflate } from "./per-message-deflate.ts";
import { type Clock, tokenBucket } from "./token-bucket.ts";

export interface GatewayArgs {
  readonly apis: readonly DeployedApi[];
  readonly caller: FunctionCaller;
  readonly callers: Callers;
  readonly region: string;
  readonly limits?: Partial<Limits>;
  readonly observe?: GatewayObserver;
  readonly pages?: PageHandler;
  /** What the account's throttles go by. */
  readonly clock?: Clock;
}

/** Answers plain HTTP requests that are not API Gateway's. @returns false for any other, which it leaves alone */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Why a handshake ends, and with which subprotocol if it ends well. */
interface Verdict {
  /** As it is deployed when this is decided; there is one for a handshake that ends well. */
  readonly api?: DeployedApi;
  readonly status: number;
  readonly because?: string | undefined;
  readonly subprotocol?: string | undefined;
  readonly identity?: Readonly<Record<string, string>> | undefined;
  readonly principalId?: string | undefined;
}

/** Serves WebSocket APIs and their `@connections` on one loopback port, as API Gateway does on its host names. */
export class Gateway {
  #args: GatewayArgs;
  readonly #limits: Limits;
  readonly #observe: GatewayObserver;
  readonly #server: Server;
  readonly #webSockets: WebSocketServer;
  readonly #connections = new Map<string, Connection>();
  /** Sockets whose handshake is not decided. */
  readonly #undecided = new Set<Duplex>();
  /** The account's throttles, for all of its APIs. */
  readonly #admitsConnection: () => boolean;
  readonly #admitsRequest: () => boolean;
  #isClosing = false;
  readonly #subprotocols = new WeakMap<IncomingMessage, string>();

  constructor(args: GatewayArgs) {
    this.#args = args;
    this.#limits = { ...awsLimits, ...args.limits };
    this.#observe = args.observe ?? (() => {});
    const { connectRateLimit, connectBurstLimit, requestRateLimit, requestBurstLimit } = this.#limits;
    this.#admitsConnection = tokenBucket(connectRateLimit, connectBurstLimit, args.clock);
    this.#admitsRequest = tokenBucket(requestRateLimit, requestBurstLimit, args.clock);
    const options = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate,
      maxPayload: this.#limits.messageBytes,
      closeTimeout: this.#limits.closeTimeoutMs,
      handleProtocols: (): false => false,
    };
    this.#webSockets = new WebSocketServer(options);
    // Whatever $connect answers, offered or not: what AWS does with one that the client did not offer is unconfirmed.
    this.#webSockets.on("headers", (headers, request) => {
      const subprotocol = this.#subprotocols.get(request);
      if (subprotocol) headers.push(`Sec-WebSocket-Protocol: ${subprotocol}`);
    });
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** @param port 0 for any free one. @returns the port. @throws an error with code EADDRINUSE for a taken port */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /**
   * Serves these APIs in place of the present ones. Open connections go on: their next message takes the routes that
   * their stage has now. Those whose stage is gone are closed. @returns how many
   */
  deploy(deployed: Pick<GatewayArgs, "apis" | "callers" | "region">): number {
    this.#args = { ...this.#args, ...deployed };
    let closed = 0;
    for (const connection of this.#connections.values()) {
      const api = this.#present(connection.facts.api);
      if (api) connection.redeploy(api);
      else if (connection.isOpen) {
        connection.close(1001, "Going away");
        closed++;
      }
    }
    return closed;
  }

  /** Closes every connection, lets each `$disconnect` finish, and stops. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const stopped = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#undecided) socket.destroy();
    const connections = [...this.#connections.values()];
    for (const connection of connections) connection.close(1001, "Going away");
    await Promise.all(connections.map((connection) => connection.ended));
    this.#server.closeAllConnections();
    await stopped;
  }

  #answer(request: IncomingMessage, response: ServerResponse) {
    const { apis, callers, region, pages } = this.#args;
    const hosts = apis.map(({ domainName }) => domainName);
    if (!isServedHost(request.headers.host, hosts)) {
      response.writeHead(403, { "content-type": "text/plain" }).end("this host is not served here\n");
      return;
    }
    if (pages?.(request, response)) return;
    if (request.url?.includes("/@connections") || request.method !== "GET") {
      const management = {
        apis,
        callers,
        region,
        connections: this.#connections,
        limits: this.#limits,
        observe: this.#observe,
        admitsRequest: this.#admitsRequest,
      };
      serveManagementApi(management, request, response).catch((error) => response.destroy(error));
    } else {
      // A plain GET on a WebSocket URL.
      response.writeHead(426, { "content-type": "application/json", upgrade: "websocket" });
      response.end(JSON.stringify({ message: "Upgrade Required" }));
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    socket.on("error", () => socket.destroy());
    if (this.#isClosing) {
      socket.destroy();
      return;
    }
    this.#undecided.add(socket);
    this.#open(request, socket, head)
      .catch((error) => {
        console.error(error);
        socket.destroy();
      })
      .finally(() => this.#undecided.delete(socket));
  }

  #noStage({ stageName }: Handshake): string {
    const paths = this.#args.apis.map((api) => `/${api.stageName}`).join(" or ");
    return `there is no stage ${JSON.stringify(stageName.slice(0, 50))}: the path begins with ${paths}`;
  }

  async #open(request: IncomingMessage, socket: Duplex, head: Buffer) {
    const handshake = readHandshake(request, Date.now());
    const verdict: Verdict = isWebSocketHandshake(request)
      ? await this.#judge(handshake)
      : { status: 400, because: "it is no WebSocket handshake" };
    const { connectionId, sourceIp } = handshake;
    const { api, status, because, identity, subprotocol } = verdict;
    const principalId = verdict.principalId ?? identity?.principalId;
    const seen = {
      type: "handshake" as const,
      connectionId,
      sourceIp,
      principalId,
      username: identity?.username,
      expiresAt: identity?.exp === undefined ? undefined : expiryOf(identity.exp),
    };
    if (!api || status !== 101) {
      this.#observe({ ...seen, status, because });
      refuse(socket, status);
      return;
    }
    if (subprotocol) this.#subprotocols.set(request, subprotocol);
    let isOpen = false;
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      isOpen = true;
      this.#add({ api, handshake: clientOf(handshake), identity }, webSocket, socket);
      this.#observe({ ...seen, status, subprotocol });
    });
    if (!isOpen)
      this.#observe({
        ...seen,
        status: 400,
        because: "its headers are malformed, or the client has gone",
      });
  }

  /** Apart from the handshake, which its listeners would keep in memory as long as the connection is open. */
  #add(facts: ConnectionFacts, webSocket: WebSocket, socket: Duplex) {
    const connection = new Connection(facts, webSocket, {
      caller: this.#args.caller,
      limits: this.#limits,
      observe: this.#observe,
      admitsRequest: this.#admitsRequest,
    });
    this.#connections.set(connection.id, connection);
    const frames = new FrameSizes();
    // Before ws, which hands over the message as soon as it has it.
    socket.prependListener("data", (chunk: Buffer) => {
      if (frames.longestIn(chunk) > this.#limits.frameBytes) connection.close(1009, "");
    });
    void connection.ended.then(() => this.#connections.delete(connection.id));
  }

  /** The same stage of the same API as it is deployed now. */
  #present({ stageArn }: DeployedApi): DeployedApi | undefined {
    return this.#args.apis.find((api) => api.stageArn === stageArn);
  }

  async #judge(handshake: Handshake): Promise<Verdict> {
    const api = this.#args.apis.find(({ stageName }) => stageName === handshake.stageName);
    const verdict = api && (await this.#askConnect(api, handshake));
    // A reload may have taken the stage away meanwhile.
    const present = api && this.#present(api);
    return verdict && present
      ? { ...verdict, api: present }
      : { status: 403, because: this.#noStage(handshake) };
  }

  async #askConnect(api: DeployedApi, handshake: Handshake): Promise<Verdict> {
    const route = api.routes.get("$connect");
    const { caller } = this.#args;
    if (!this.#admitsConnection() || !this.#admitsRequest())
      return { status: 429, because: "the account's throttle is exceeded" };
    if (route && !route.admits())
      return { status: 429, because: "the throttle for new connections is exceeded" };
    const authorization = route?.authorizer && (await authorize(route.authorizer, api, handshake, caller));
    if (authorization && authorization.status !== 200) return authorization;
    const identity = authorization?.identity;
    if (!route?.integration) return { status: 101, identity };
    const request = {
      event: connectEvent({ api, handshake, identity }, authorization?.latencyMs ?? 0),
      message: new Message(""),
      stageVariables: api.stageVariables,
      wantsBody: false,
    };
    const result = await callIntegration(route.integration, request, caller);
    if (!result.ok) return { status: result.status, because: `$connect failed: ${result.because}`, identity };
    const { statusCode, headers } = result;
    if (statusCode < 200 || statusCode > 299)
      return { status: statusCode, because: `$connect answered ${statusCode}`, identity };
    const subprotocol = headerOf(headers, "sec-websocket-protocol");
    if (subprotocol !== undefined && !isHeaderValue(subprotocol))
      return { status: 502, because: "$connect answered a subprotocol that no header can carry", identity };
    return { status: 101, identity, subprotocol };
  }
}

/** The one header of `$connect` that is known to reach the client; which others do is unconfirmed, and here none does. */
function headerOf(headers: Readonly<Record<string, unknown>>, lowerCaseName: string): string | undefined {
  const value = Object.entries(headers).find(([name]) => name.toLowerCase() === lowerCaseName)?.[1];
  return value === undefined || value === null ? undefined : String(value);
}

/** In milliseconds. @param exp in seconds, as in a token */
function expiryOf(exp: string): number | undefined {
  return Number.isFinite(Number(exp)) ? Number(exp) * 1000 : undefined;
}

function isHeaderValue(text: string): boolean {
  try {
    validateHeaderValue("Sec-WebSocket-Protocol", text);
    return true;
  } catch {
    return false;
  }
}

/** What a refused upgrade carries beside its status is not published; this is what REST APIs answer. */
function refuse(socket: Duplex, status: number) {
  const message =
    status === 401 ? "Unauthorized" : status === 403 ? "Forbidden" : (STATUS_CODES[status] ?? "Error");
  const body = JSON.stringify({ message: status >= 500 ? "Internal server error" : message });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Error"}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\nx-amzn-RequestId: ${newId()}\r\n\r\n${body}`,
    // A client need not close its side, and would keep the socket.
    () => socket.destroy(),
  );
}
