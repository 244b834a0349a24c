import type { WebSocket } from "ws";
import type { Limits } from "./limits.ts";

/**
 * Keeps a client from filling our memory: it is read from only while few of its messages wait for their turn, and
 * while it takes in what it is sent.
 */
export class FlowControl {
  readonly #socket: WebSocket;
  readonly #limits: Limits;
  #waiting = 0;
  #isClosed = false;
  /** Set while somebody waits. */
  #drained: PromiseWithResolvers<void> | undefined;

  constructor(socket: WebSocket, limits: Limits) {
    this.#socket = socket;
    this.#limits = limits;
  }

  /** Whether more than the limit waits for the client to read it. */
  get isCongested(): boolean {
    return this.#socket.bufferedAmount > this.#limits.bufferedBytes;
  }

  send(text: string): void {
    this.#socket.send(text, () => this.#update());
    this.#update();
  }

  /** One more message of the client waits. */
  received(): void {
    this.#waiting++;
    this.#update();
  }

  /** One of its messages was handled. */
  handled(): void {
    this.#waiting--;
    this.#update();
  }

  /** Resolves when an answer may be sent: the client is not congested, or has gone. */
  async untilDrained(): Promise<void> {
    while (this.isCongested && !this.#isClosed) {
      this.#drained ??= Promise.withResolvers<void>();
      await this.#drained.promise;
    }
  }

  /** The client has gone: nobody waits for it any more. */
  ended(): void {
    this.#isClosed = true;
    this.#update();
  }

  #update() {
    if (!this.isCongested || this.#isClosed) {
      this.#drained?.resolve();
      this.#drained = undefined;
    }
    const isHeld = this.isCongested || this.#waiting >= this.#limits.waitingMessages;
    if (isHeld && !this.#isClosed) this.#socket.pause();
    else if (this.#socket.isPaused) this.#socket.resume();
  }
}
