import { createServer, type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { Callers } from "../account/callers.ts";
import { authorize } from "./authorization.ts";
import { Connection } from "./connection.ts";
import type { DeployedApi } from "./deployed-api.ts";
import { type ConnectionFacts, connectEvent } from "./events.ts";
import { FrameSizes } from "./frame-sizes.ts";
import { callFunction, type FunctionCaller, proxyResponse } from "./function-caller.ts";
import type { GatewayObserver } from "./gateway-event.ts";
import { type Handshake, readHandshake } from "./handshake.ts";
import { newId } from "./ids.ts";
import { awsLimits, type Limits } from "./limits.ts";
import { serveManagementApi } from "./management-api.ts";

export interface GatewayArgs {
  readonly apis: readonly DeployedApi[];
  readonly caller: FunctionCaller;
  readonly callers: Callers;
  readonly region: string;
  readonly limits?: Partial<Limits>;
  readonly observe?: GatewayObserver;
}

/** Why a handshake ends, and with which headers if it ends well. */
interface Verdict {
  readonly status: number;
  readonly because?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly identity?: Readonly<Record<string, string>> | undefined;
  readonly principalId?: string | undefined;
}

/** Serves WebSocket APIs and their `@connections` on one loopback port, as API Gateway does on its host names. */
export class Gateway {
  readonly #args: GatewayArgs;
  readonly #limits: Limits;
  readonly #observe: GatewayObserver;
  readonly #server: Server;
  readonly #webSockets: WebSocketServer;
  readonly #connections = new Map<string, Connection>();
  /** Sockets whose handshake is not decided. */
  readonly #undecided = new Set<Duplex>();
  #isClosing = false;
  readonly #subprotocols = new WeakMap<IncomingMessage, string>();

  constructor(args: GatewayArgs) {
    this.#args = args;
    this.#limits = { ...awsLimits, ...args.limits };
    this.#observe = args.observe ?? (() => {});
    const options = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: true,
      maxPayload: this.#limits.messageBytes,
      closeTimeout: this.#limits.closeTimeoutMs,
      handleProtocols: (_: unknown, request: IncomingMessage) => this.#subprotocols.get(request) ?? false,
    };
    this.#webSockets = new WebSocketServer(options);
    this.#server = createServer((request, response) => {
      if (request.url?.includes("/@connections") || request.method !== "GET") {
        const { apis, callers, region } = args;
        const management = {
          apis,
          callers,
          region,
          connections: this.#connections,
          limits: this.#limits,
          observe: this.#observe,
        };
        serveManagementApi(management, request, response).catch((error) => response.destroy(error));
      } else {
        // A plain GET on a WebSocket URL.
        response.writeHead(426, { "content-type": "application/json", upgrade: "websocket" });
        response.end(JSON.stringify({ message: "Upgrade Required" }));
      }
    });
    this.#server.on("upgrade", (request, socket, head) => {
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
    });
  }

  /** @param port 0 for any free one. @returns the port. @throws an error with code EADDRINUSE for a taken port */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
    return (this.#server.address() as AddressInfo).port;
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

  async #open(request: IncomingMessage, socket: Duplex, head: Buffer) {
    const handshake = readHandshake(request, Date.now());
    const api = this.#args.apis.find(({ stageName }) => stageName === handshake.stageName);
    const verdict: Verdict = api
      ? await this.#judge(api, handshake)
      : { status: 403, because: "there is no such stage" };
    const { connectionId, sourceIp } = handshake;
    const { status, because, identity, headers = {} } = verdict;
    const subprotocol = headerOf(headers, "sec-websocket-protocol");
    const principalId = verdict.principalId ?? identity?.principalId;
    const seen = {
      type: "handshake" as const,
      connectionId,
      sourceIp,
      principalId,
      username: identity?.username,
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
      const facts: ConnectionFacts = { api, handshake, identity };
      const connection = new Connection(facts, webSocket, this.#args.caller, this.#limits, this.#observe);
      this.#connections.set(connectionId, connection);
      const frames = new FrameSizes();
      // Before ws, which hands over the message as soon as it has it.
      socket.prependListener("data", (chunk: Buffer) => {
        if (frames.longestIn(chunk) > this.#limits.frameBytes) connection.close(1009, "");
      });
      void connection.ended.then(() => this.#connections.delete(connectionId));
      this.#observe({ ...seen, status, subprotocol });
    });
    if (!isOpen)
      this.#observe({
        ...seen,
        status: 400,
        because: "it is no WebSocket handshake, or the client has gone",
      });
  }

  async #judge(api: DeployedApi, handshake: Handshake): Promise<Verdict> {
    const route = api.routes.get("$connect");
    const { caller } = this.#args;
    if (route && !route.admits())
      return { status: 429, because: "the throttle for new connections is exceeded" };
    const authorization = route?.authorizer && (await authorize(route.authorizer, api, handshake, caller));
    if (authorization && authorization.status !== 200) return authorization;
    const identity = authorization?.identity;
    if (!route?.functionArn) return { status: 101, identity };
    const event = connectEvent({ api, handshake, identity }, authorization?.latencyMs ?? 0);
    const result = await callFunction(
      caller,
      route.functionArn,
      `${api.stageArn}/$connect`,
      event,
      route.timeoutMs,
    );
    const response = proxyResponse(result);
    if (response) {
      const { statusCode, headers } = response;
      if (statusCode >= 200 && statusCode < 300) return { status: 101, identity, headers };
      return { status: statusCode, because: `$connect answered ${statusCode}`, identity };
    }
    if (result.ok) return { status: 502, because: "$connect's answer has no statusCode", identity };
    const status = { forbidden: 500, integrationTimeout: 504 }[result.kind as string] ?? 502;
    return { status, because: `$connect failed: ${result.errorMessage}`, identity };
  }
}

function headerOf(headers: Readonly<Record<string, string>>, lowerCaseName: string): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === lowerCaseName)?.[1];
}

/** What a refused upgrade carries beside its status is not published; this is what REST APIs answer. */
function refuse(socket: Duplex, status: number) {
  const message =
    status === 401 ? "Unauthorized" : status === 403 ? "Forbidden" : (STATUS_CODES[status] ?? "Error");
  const body = JSON.stringify({ message: status >= 500 ? "Internal server error" : message });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Error"}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\nx-amzn-RequestId: ${newId()}\r\n\r\n${body}`,
  );
}
