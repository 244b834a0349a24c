import type { WebSocket } from "ws";
import type { DeployedApi, DeployedRoute } from "./deployed-api.ts";
import { type ConnectionFacts, disconnectEvent, messageEvent } from "./events.ts";
import { excerpt } from "./excerpt.ts";
import { FlowControl } from "./flow-control.ts";
import type { FunctionCaller } from "./function-caller.ts";
import type { GatewayObserver } from "./gateway-event.ts";
import { newId } from "./ids.ts";
import { callIntegration, type Integration } from "./integration.ts";
import type { Limits } from "./limits.ts";
import { Message } from "./message.ts";

export interface ConnectionArgs {
  readonly caller: FunctionCaller;
  readonly limits: Limits;
  readonly observe: GatewayObserver;
  /** Whether the account's throttle admits one more request; asking counts. */
  readonly admitsRequest: () => boolean;
}

/** An open connection: takes its messages in order, one at a time, and ends with exactly one `$disconnect`. */
export class Connection {
  facts: ConnectionFacts;
  lastActiveAt = Date.now();
  /** Resolves when `$disconnect` was handled. */
  readonly ended: Promise<void>;
  readonly #socket: WebSocket;
  readonly #args: ConnectionArgs;
  readonly #flow: FlowControl;
  readonly #idleTimer: NodeJS.Timeout;
  readonly #ageTimer: NodeJS.Timeout;
  #handled: Promise<void> = Promise.resolve();
  #closedByUs: { code: number; reason: string } | undefined;

  constructor(facts: ConnectionFacts, socket: WebSocket, args: ConnectionArgs) {
    const { limits } = args;
    this.facts = facts;
    this.#socket = socket;
    this.#args = args;
    this.#flow = new FlowControl(socket, limits);
    this.#idleTimer = setTimeout(() => this.close(1001, "Going away"), limits.idleMs);
    this.#ageTimer = setTimeout(() => this.close(1001, "Going away"), limits.connectionAgeMs);
    socket.on("message", (data, isBinary) => this.#receive(data as Buffer, isBinary));
    // The socket closes itself with this code.
    socket.on("error", (error: NodeJS.ErrnoException) => {
      const code = protocolErrorCode(error);
      if (code) this.close(code, "");
    });
    this.ended = new Promise((resolve) => {
      socket.on("close", (code, reason) => void this.#end(code, reason.toString()).finally(resolve));
    });
  }

  get id(): string {
    return this.facts.handshake.connectionId;
  }

  /** False from the moment when either side closes. */
  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** Whether the client does not read what it is sent; local only, `Limits.bufferedBytes`. */
  get isCongested(): boolean {
    return this.#flow.isCongested;
  }

  /** Sends a text frame. */
  send(text: string): void {
    this.#touch();
    this.#flow.send(text);
  }

  /** From the next message on, and at the end, the routes are those of this API: the same one, deployed anew. */
  redeploy(api: DeployedApi): void {
    this.facts = { ...this.facts, api };
  }

  close(code: number, reason: string): void {
    this.#closedByUs ??= { code, reason };
    this.#socket.close(code, reason);
  }

  /** Messages of either side count as activity. Unconfirmed whether pings do on AWS; here they do not. */
  #touch() {
    this.lastActiveAt = Date.now();
    this.#idleTimer.refresh();
  }

  #receive(data: Buffer, isBinary: boolean) {
    if (this.#closedByUs) return;
    this.#touch();
    if (isBinary) {
      this.close(1003, "");
      return;
    }
    this.#flow.received();
    this.#handled = this.#handled.then(async () => {
      await this.#flow.untilDrained();
      await this.#handle(new Message(data.toString()));
      this.#flow.handled();
    });
  }

  /** Never rejects: a message that cannot be handled, like JSON that is nested too deeply, must not end the others. */
  async #handle(message: Message) {
    const startedAt = performance.now();
    try {
      await this.#route(message, startedAt);
    } catch (error) {
      const frame = errorFrame("Internal server error", this.id);
      this.#answer(noRouteKey, frame, startedAt, (error as Error).message);
    }
  }

  async #route(message: Message, startedAt: number) {
    const { api } = this.facts;
    const selected = api.selectRouteKey(message);
    const route =
      (!selected?.startsWith("$") && api.routes.get(selected ?? "")) || api.routes.get("$default");
    const bytes = Buffer.byteLength(message.text);
    const routeKey = route?.routeKey ?? noRouteKey;
    const text = excerpt(message.text);
    this.#args.observe({ type: "message", connectionId: this.id, routeKey, bytes, text });
    const refusal = this.#refusalOf(route, message);
    if (refusal) this.#answer(routeKey, errorFrame(refusal.message, this.id), startedAt, refusal.because);
    else if (route?.integration) await this.#call(route, route.integration, message, startedAt);
  }

  /** Why a message never reaches its integration, and what the client is told. */
  #refusalOf(route: DeployedRoute | undefined, message: Message) {
    if (!this.#args.admitsRequest())
      return { message: throttled, because: "the account's throttle is exceeded" };
    if (!route) return { message: "Forbidden", because: "no route has this key, and there is no $default" };
    if (!route.admits()) return { message: throttled, because: "the route's throttle is exceeded" };
    if (!route.allows(message))
      return { message: "Bad request body", because: "the route's model does not allow this message" };
    return undefined;
  }

  async #call(
    { routeKey, replies }: DeployedRoute,
    integration: Integration,
    message: Message,
    startedAt: number,
  ) {
    const event = messageEvent(this.facts, routeKey, message.text);
    const { stageVariables } = this.facts.api;
    const request = { event, message, stageVariables, wantsBody: replies };
    const result = await callIntegration(integration, request, this.#args.caller);
    if (!result.ok) {
      const frame = errorFrame(result.status === 415 ? untemplated : "Internal server error", this.id);
      this.#answer(routeKey, frame, startedAt, result.because);
    } else if (replies && result.body !== undefined) this.#answer(routeKey, result.body, startedAt);
  }

  #answer(routeKey: string, text: string, startedAt: number, because?: string) {
    if (!this.isOpen) return;
    this.send(text);
    const latencyMs = performance.now() - startedAt;
    this.#args.observe({
      type: "answer",
      connectionId: this.id,
      routeKey,
      bytes: Buffer.byteLength(text),
      text: excerpt(text),
      because,
      latencyMs,
    });
  }

  async #end(code: number, reason: string) {
    this.#flow.ended();
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#ageTimer);
    const close = this.#closedByUs ?? {
      code,
      reason: code === 1005 ? "Client-side close frame status not set" : reason,
    };
    await this.#handled;
    this.#args.observe({ type: "closed", connectionId: this.id, ...close });
    const { api } = this.facts;
    const route = api.routes.get("$disconnect");
    if (!route?.integration) return;
    const request = {
      event: disconnectEvent(this.facts, close.code, close.reason),
      message: new Message(""),
      stageVariables: api.stageVariables,
      wantsBody: false,
    };
    await callIntegration(route.integration, request, this.#args.caller);
  }
}

/** What watchers are told in place of a route's key. */
const noRouteKey = "(no route)";
/** What a client is told about a throttled message; unconfirmed. */
const throttled = "Too Many Requests";
/** What a client is told about a message for which there is no template, and which may not pass without; unconfirmed. */
const untemplated = "Unsupported Media Type";

/**
 * The close code of RFC 6455 for a client that breaks the protocol; undefined for an error of the network. On AWS,
 * 1009 is documented, and the others are unconfirmed.
 */
function protocolErrorCode({ code = "" }: NodeJS.ErrnoException): number | undefined {
  switch (code) {
    case "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH":
    case "WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH":
      return 1009;
    case "WS_ERR_TOO_MANY_BUFFERED_PARTS":
      return 1008;
    case "WS_ERR_INVALID_UTF8":
    case "Z_DATA_ERROR":
      return 1007;
    default:
      return code.startsWith("WS_ERR_") ? 1002 : undefined;
  }
}

/** The frame that API Gateway sends in place of an answer, spaces included. */
function errorFrame(message: string, connectionId: string): string {
  return `{"message": "${message}", "connectionId":"${connectionId}", "requestId":"${newId()}"}`;
}
