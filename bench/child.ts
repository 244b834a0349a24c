import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A process of the benchmark that answers one request at a time. */
export class Child {
  readonly #process: ChildProcess;
  readonly #failure: Promise<never>;

  /** @param name of its file in processes/ */
  constructor(name: string, args: readonly string[] = [], nodeOptions: readonly string[] = []) {
    this.#process = fork(fileURLToPath(new URL(`processes/${name}.ts`, import.meta.url)), [...args], {
      execArgv: [...nodeOptions],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#failure = once(this.#process, "exit").then(([code]) => {
      throw new Error(`${name} ended early, with ${code}`);
    });
    this.#failure.catch(() => {});
  }

  /** The next message from it. @throws {Error} if it ends before */
  async message<T>(): Promise<T> {
    const [message] = await Promise.race([once(this.#process, "message"), this.#failure]);
    return message as T;
  }

  async request<T>(request: object | string): Promise<T> {
    this.#process.send(request);
    return this.message<T>();
  }

  /** Tells it to end by closing its channel, as the end of this process would. */
  async stop(): Promise<void> {
    if (this.#process.connected) this.#process.disconnect();
    await this.#failure.catch(() => {});
  }
}
