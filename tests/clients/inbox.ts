import { EventEmitter, once } from "node:events";

/** Messages in the order in which they came, each taken once. */
export class Inbox {
  readonly #messages: string[] = [];
  readonly #arrivals = new EventEmitter();

  add(message: string): void {
    this.#messages.push(message);
    this.#arrivals.emit("message");
  }

  async next(): Promise<string> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) return message;
      await once(this.#arrivals, "message");
    }
  }
}
