import type { WebSocket } from "ws";
import type { DeployedRoute } from "./deployed-api.ts";
import { type ConnectionFacts, disconnectEvent, messageEvent } from "./events.ts";
import { callFunction, type FunctionCaller, proxyResponse } from "./function-caller.ts";
import type { GatewayObserver } from "./gateway-event.ts";
import { newId } from "./ids.ts";
import type { Limits } from "./limits.ts";
import { selectRouteKey } from "./route-selection.ts";

/** An open connection: takes its messages in order, one at a time, and ends with exactly one `$disconnect`. */
export class Connection {
  readonly facts: ConnectionFacts;
  lastActiveAt = Date.now();
  /** Resolves when `$disconnect` was handled. */
  readonly ended: Promise<void>;
  readonly #socket: WebSocket;
  readonly #caller: FunctionCaller;
  readonly #observe: GatewayObserver;
  readonly #limits: Limits;
  readonly #idleTimer: NodeJS.Timeout;
  readonly #ageTimer: NodeJS.Timeout;
  #handled: Promise<void> = Promise.resolve();
  #waiting = 0;
  #closedByUs: { code: number; reason: string } | undefined;

  constructor(
    facts: ConnectionFacts,
    socket: WebSocket,
    caller: FunctionCaller,
    limits: Limits,
    observe: GatewayObserver,
  ) {
    this.facts = facts;
    this.#socket = socket;
    this.#caller = caller;
    this.#observe = observe;
    this.#limits = limits;
    this.#idleTimer = setTimeout(() => this.close(1001, "Going away"), limits.idleMs);
    this.#ageTimer = setTimeout(() => this.close(1001, "Going away"), limits.connectionAgeMs);
    socket.on("message", (data, isBinary) => this.#receive(data as Buffer, isBinary));
    // Protocol errors close the socket with their own code; of these, only one is the gateway's own rule.
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") this.close(1009, "");
    });
    this.ended = new Promise((resolve) => {
      socket.once("close", (code, reason) => void this.#end(code, reason.toString()).finally(resolve));
    });
  }

  get id(): string {
    return this.facts.handshake.connectionId;
  }

  /** False from the moment when either side closes. */
  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** Sends a text frame. */
  send(text: string): void {
    this.#touch();
    this.#socket.send(text);
  }

  close(code: number, reason: string): void {
    this.#closedByUs ??= { code, reason };
    this.#socket.close(code, reason);
  }

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
    // A client that sends faster than its messages are handled waits in the socket, not in our memory.
    if (++this.#waiting >= this.#limits.waitingMessages) this.#socket.pause();
    this.#handled = this.#handled.then(async () => {
      await this.#handle(data.toString());
      if (--this.#waiting < this.#limits.waitingMessages) this.#socket.resume();
    });
  }

  async #handle(body: string) {
    const { api } = this.facts;
    const selected = selectRouteKey(api.routeSelectionExpression, body);
    const route =
      (!selected?.startsWith("$") && api.routes.get(selected ?? "")) || api.routes.get("$default");
    const bytes = Buffer.byteLength(body);
    this.#observe({
      type: "message",
      connectionId: this.id,
      routeKey: route?.routeKey ?? "(no route)",
      bytes,
    });
    if (!route)
      this.#answer(
        "(no route)",
        errorFrame("Forbidden", this.id),
        performance.now(),
        "no route has this key, and there is no $default",
      );
    else if (route.functionArn) await this.#call(route, route.functionArn, body);
  }

  async #call(route: DeployedRoute, functionArn: string, body: string) {
    const { routeKey, timeoutMs, replies } = route;
    const startedAt = performance.now();
    const refusal = refusalOf(route, body);
    if (refusal) {
      this.#answer(routeKey, errorFrame(refusal.message, this.id), startedAt, refusal.because);
      return;
    }
    const event = messageEvent(this.facts, routeKey, body);
    const sourceArn = `${this.facts.api.stageArn}/${routeKey}`;
    const result = await callFunction(this.#caller, functionArn, sourceArn, event, timeoutMs);
    const response = proxyResponse(result);
    if (!response) {
      const because = result.ok ? "the function's answer has no statusCode" : result.errorMessage;
      this.#answer(routeKey, errorFrame("Internal server error", this.id), startedAt, because);
    } else if (replies && response.body !== undefined) this.#answer(routeKey, response.body, startedAt);
  }

  #answer(routeKey: string, text: string, startedAt: number, because?: string) {
    if (!this.isOpen) return;
    this.send(text);
    const latencyMs = performance.now() - startedAt;
    this.#observe({
      type: "answer",
      connectionId: this.id,
      routeKey,
      bytes: Buffer.byteLength(text),
      because,
      latencyMs,
    });
  }

  async #end(code: number, reason: string) {
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#ageTimer);
    const close = this.#closedByUs ?? {
      code,
      reason: code === 1005 ? "Client-side close frame status not set" : reason,
    };
    await this.#handled;
    this.#observe({ type: "closed", connectionId: this.id, ...close });
    const { api } = this.facts;
    const route = api.routes.get("$disconnect");
    if (!route?.functionArn) return;
    const event = disconnectEvent(this.facts, close.code, close.reason);
    await callFunction(
      this.#caller,
      route.functionArn,
      `${api.stageArn}/$disconnect`,
      event,
      route.timeoutMs,
    );
  }
}

/** Why a message never reaches its function, and what the client is told. */
function refusalOf(route: DeployedRoute, body: string) {
  // What a client is told about a throttled message is unconfirmed.
  if (!route.admits()) return { message: "Too Many Requests", because: "the route's throttle is exceeded" };
  if (!route.allows(body))
    return { message: "Bad request body", because: "the route's model does not allow this message" };
  return undefined;
}

/** The frame that API Gateway sends in place of an answer, spaces included. */
function errorFrame(message: string, connectionId: string): string {
  return `{"message": "${message}", "connectionId":"${connectionId}", "requestId":"${newId()}"}`;
}
