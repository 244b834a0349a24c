import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import { manage } from "../local/management-call.ts";
import { endings } from "./endings.ts";
import { type Exchange, errorFrameText, exchangeOf } from "./expected-answer.ts";
import type { Action, MessageKind, WebSocketClientPlan } from "./plan.ts";
import { tokenOf } from "./soak-token.ts";
import type { SoakWorld } from "./soak-world.ts";

const patienceMs = 120_000;

interface Pending {
  readonly exchange: Exchange;
  readonly done: () => void;
}

/** A client with one connection, which knows the answer to each of its messages and misses none. */
export class SoakClient {
  readonly #plan: WebSocketClientPlan;
  readonly #world: SoakWorld<SoakClient>;
  readonly #unanswered: Pending[] = [];
  /** Pushes that the gateway took for this client and that have not come. */
  readonly #pushes = new Map<string, () => void>();
  readonly #lastPushes = new Map<string, number>();
  readonly #closed = Promise.withResolvers<number>();
  #socket: WebSocket | undefined;
  #sent = 0;
  #pushed = 0;
  /** The code of the close that is to come; undefined while none is. */
  #expectedCode: number | undefined;
  #endingSince = 0;
  #notifySettled: (() => void) | undefined;

  constructor(plan: WebSocketClientPlan, world: SoakWorld<SoakClient>) {
    this.#plan = plan;
    this.#world = world;
  }

  get name(): string {
    return this.#plan.name;
  }

  /** Empty before the connection is open. */
  get connectionId(): string {
    return this.#world.ledger.connectionOf(this.name) ?? "";
  }

  get #isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  get #isEnding(): boolean {
    return this.#expectedCode !== undefined;
  }

  /** Does all that is planned; resolves when the connection is over. */
  async live(): Promise<void> {
    const isOpen = await this.#open();
    this.#world.arrivals.add(this.name);
    if (!isOpen) return;
    this.#world.present.add(this);
    if (this.#plan.ending === "serverCloses") this.#expectClose(1001, 1001);
    for (const action of this.#plan.actions) {
      await delay(action.afterMs);
      if (!this.#isOpen) break;
      await this.#act(action);
    }
    if (this.#plan.isPatient) await this.#settled();
    await this.#end();
    this.#world.present.delete(this);
  }

  /** A push that will be posted; the function that is returned takes it back. */
  expectPush(id: string): () => void {
    const done = this.#world.watchdog.start(`${this.name}: push ${id}`, (error) => {
      this.#giveUp(error.message);
    });
    const drop = () => {
      this.#pushes.delete(id);
      done();
      this.#notifyIfSettled();
    };
    this.#pushes.set(id, drop);
    return drop;
  }

  async #open(): Promise<boolean> {
    const { watchdog, ledger } = this.#world;
    const from = performance.now();
    const status = await watchdog.during(`${this.name}: handshake`, this.#handshake());
    ledger.count(`client got ${status}`);
    const isGood = this.#plan.token === "good";
    if (status === (isGood ? 101 : 401) || (status === 429 && isGood)) return status === 101;
    const wasHit = (name: string) => this.#world.faults.wasHit(name, from, performance.now());
    const isExcused =
      (status === 500 && wasHit("authorizer")) || (status === 502 && isGood && wasHit("connect"));
    if (!isExcused) this.#fail(`handshake with ${this.#plan.token} token got ${status}`);
    return false;
  }

  #handshake(): Promise<number> {
    const { token, source } = this.#plan;
    const text = token === "none" ? undefined : tokenOf(token, this.name);
    const isSubprotocol = text !== undefined && source === "subprotocol";
    const options = {
      headers: text !== undefined && !isSubprotocol ? { Authorization: `Bearer ${text}` } : {},
      // The server reads a close after all messages before it, which may take their time.
      closeTimeout: patienceMs,
    };
    const protocols = isSubprotocol ? ["app.v1", `bearer.${text}`] : [];
    const socket = new WebSocket(this.#world.url, protocols, options);
    this.#socket = socket;
    socket.on("message", (data) => this.#receive(data.toString()));
    socket.on("close", (code) => this.#close(code));
    return new Promise((resolve, reject) => {
      socket.on("error", reject);
      socket.once("open", () => resolve(101));
      socket.once("unexpected-response", (_, response) => {
        response.resume();
        response.once("end", () => socket.terminate());
        resolve(response.statusCode ?? 0);
      });
    });
  }

  async #act({ kind }: Action): Promise<void> {
    this.#world.ledger.count(`action ${kind}`);
    if (kind === "burst") for (let i = 0; i < 80; i++) await this.#send("unknownAction");
    else if (kind === "slowReading") await this.#readSlowly();
    else if (kind === "push") await this.#push(this);
    else if (kind === "pushToNeighbour") await this.#push(this.#neighbour() ?? this);
    else if (kind === "describe") await this.#describe();
    else if (kind === "ping") await this.#ping();
    else await this.#send(kind);
  }

  async #send(kind: MessageKind): Promise<void> {
    const { name: username, connectionId } = this;
    const { watchdog, revisions } = this.#world;
    const id = `${username}-${this.#sent++}`;
    const exchange = exchangeOf(kind, id, { username, connectionId, revisions });
    const done = watchdog.start(`${username}: the answer to ${id} (${kind})`, (error) =>
      this.#giveUp(error.message),
    );
    this.#unanswered.push({ exchange, done });
    if (kind !== "fragments") this.#socket?.send(exchange.body);
    else {
      const half = exchange.body.length >> 1;
      this.#socket?.send(exchange.body.slice(0, half), { fin: false });
      await delay(20);
      if (this.#isOpen) this.#socket?.send(exchange.body.slice(half), { fin: true });
    }
  }

  async #readSlowly(): Promise<void> {
    this.#socket?.pause();
    for (let i = 0; i < 20; i++) await this.#send("large");
    await delay(200);
    this.#socket?.resume();
  }

  async #push(to: SoakClient): Promise<void> {
    const { connectionId } = to;
    const id = `${this.name}-${this.#pushed++}`;
    const drop = to.expectPush(id);
    const { status } = await this.#manage("POST", connectionId, JSON.stringify({ push: id }));
    if (status === 200) return;
    drop();
    const hasGone = status === 410 && (to.#isEnding || !to.#isOpen);
    if (!hasGone) this.#fail(`push to ${to.name} got ${status}`);
  }

  async #describe(): Promise<void> {
    const { status } = await this.#manage("GET", this.connectionId);
    if (status !== 200 && this.#isOpen) this.#fail(`description got ${status}`);
  }

  #manage(method: "POST" | "GET" | "DELETE", connectionId: string, body = "") {
    const { stack, watchdog } = this.#world;
    const call = manage(stack, { method, connectionId, body });
    return watchdog.during(`${this.name}: ${method} of ${connectionId}`, call);
  }

  #neighbour(): SoakClient | undefined {
    return [...this.#world.present].find((client) => client !== this && client.#isOpen && !client.#isEnding);
  }

  #ping(): Promise<void> {
    const answered = new Promise<void>((resolve) => {
      this.#socket?.once("pong", () => resolve()).ping();
      void this.#closed.promise.then(() => resolve());
    });
    return this.#world.watchdog.during(`${this.name}: pong`, answered);
  }

  async #end(): Promise<void> {
    const { ending, name } = this.#plan;
    const { ledger, watchdog } = this.#world;
    if (this.#isOpen && ending !== "serverCloses") {
      ledger.count(`ending ${ending}`);
      if (ending === "delete") await this.#delete();
      else {
        this.#expectClose(endings[ending].code, endings[ending].told);
        if (this.#socket) endings[ending].begin(this.#socket);
      }
    }
    await watchdog.during(`${name}: the end (${ending})`, this.#closed.promise);
  }

  async #delete(): Promise<void> {
    this.#expectClose(1000, 1000);
    const { status } = await this.#manage("DELETE", this.connectionId);
    if (status !== 204) this.#fail(`DELETE got ${status}`);
  }

  #expectClose(code: number, told: number) {
    this.#expectedCode = code;
    this.#endingSince = performance.now();
    this.#world.ledger.expectEnd(this.name, [told]);
  }

  #receive(text: string): void {
    const push = /^\{"push":"([\w-]+)"\}$/.exec(text)?.[1];
    if (push) this.#receivePush(push);
    else this.#receiveAnswer(text);
    this.#notifyIfSettled();
  }

  #receiveAnswer(text: string) {
    const next = this.#unanswered.shift();
    next?.done();
    const { ledger } = this.#world;
    const error = errorFrameText(text, this.connectionId);
    if (!next) this.#fail(`got an answer to nothing: ${brief(text)}`);
    else if (next.exchange.isAnswer(text)) ledger.count("answers");
    else if (error === "Internal server error" && ledger.takeFailure(this.connectionId))
      ledger.count("answers that tell of a failure");
    else if (error === "Too Many Requests") ledger.count("answers that tell of a throttle");
    else this.#fail(`the answer to ${brief(next.exchange.body)} is ${brief(text)}`);
  }

  #receivePush(id: string) {
    const drop = this.#pushes.get(id);
    if (!drop) this.#fail(`got push ${id}, which is not its own or came before`);
    drop?.();
    this.#world.ledger.count("pushes");
    const [sender = "", number] = id.split("-");
    if (Number(number) <= (this.#lastPushes.get(sender) ?? -1)) this.#fail(`push ${id} came out of order`);
    this.#lastPushes.set(sender, Number(number));
  }

  #close(code: number): void {
    const { ledger } = this.#world;
    const isCut = code === 1006 && this.#expectedCode !== undefined;
    const isExcused = isCut && this.#world.watchdog.wasStalled(this.#endingSince, performance.now());
    if (this.connectionId && code !== this.#expectedCode && !isExcused)
      this.#fail(`was closed with ${code}, not ${this.#expectedCode ?? "at all"}`);
    if (this.#unanswered.length > 0) ledger.count("connections that ended before their answers");
    for (const { done } of this.#unanswered.splice(0)) done();
    for (const drop of this.#pushes.values()) drop();
    this.#notifyIfSettled();
    this.#closed.resolve(code);
  }

  /** Resolves when every message is answered and every push is here, or the connection is over. */
  #settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#notifySettled = resolve;
      this.#notifyIfSettled();
    });
  }

  #notifyIfSettled() {
    if (!this.#isOpen || (this.#unanswered.length === 0 && this.#pushes.size === 0)) this.#notifySettled?.();
  }

  /** Ends the connection, on which nothing more is waited for. */
  #giveUp(what: string): void {
    this.#fail(what);
    this.#expectClose(1006, 1006);
    this.#socket?.terminate();
  }

  #fail(what: string): void {
    this.#world.ledger.violate(`${this.name} (${this.connectionId}): ${what}`);
  }
}

function brief(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
