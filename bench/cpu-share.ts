import { Worker } from "node:worker_threads";

/** Gives one process at a time a share of a CPU, as a scheduler with a quota does: each period it runs, then waits. */
export class CpuShare {
  /** The id of the process that is held back, 0 for none; and 1 once it is. */
  readonly #held = new Int32Array(new SharedArrayBuffer(8));
  readonly #worker: Worker;

  constructor(share: number, periodMs: number) {
    const workerData = { held: this.#held, onMs: share * periodMs, periodMs };
    this.#worker = new Worker(new URL("processes/cpu-share.ts", import.meta.url), { workerData });
    this.#worker.unref();
    process.once("exit", this.#kill);
  }

  /** Resolves when the process has been stopped for the first time. */
  async hold(pid: number): Promise<void> {
    Atomics.store(this.#held, 1, 0);
    Atomics.store(this.#held, 0, pid);
    Atomics.notify(this.#held, 0);
    await Atomics.waitAsync(this.#held, 1, 0).value;
  }

  release(): void {
    Atomics.store(this.#held, 0, 0);
    Atomics.notify(this.#held, 0);
  }

  async close(): Promise<void> {
    process.off("exit", this.#kill);
    await this.#worker.terminate();
  }

  /** A process that is stopped ends by nothing else. */
  readonly #kill = () => {
    const pid = Atomics.load(this.#held, 0);
    if (pid !== 0) process.kill(pid, "SIGKILL");
  };
}
