import { Worker } from "node:worker_threads";
import type { AwsAccount, ResourceGraph } from "../graph/resource-graph.ts";
import type { EmulatedHosts } from "../lambda/emulated-hosts.ts";
import { OperatorError } from "../operator-error.ts";
import type { ProgramAnswer, ProgramRequest } from "./program-message.ts";
import type { StackConfig } from "./stack-config.ts";

export interface ProgramRunnerOptions {
  readonly account?: Partial<AwsAccount>;
  /** Milliseconds after which a run is given up; 60 s unless given. */
  readonly runLimitMs?: number;
  /** Programs that run one after the other, each of which finds a thread in waiting; 1 unless given. */
  readonly programCount?: number;
}

/** A thread that runs one program, with what became of it. */
interface ProgramThread {
  readonly worker: Worker;
  readonly answer: Promise<ProgramAnswer>;
}

/** Runs programs, each in a fresh thread: Node keeps every module that a thread has loaded, changed or not. */
export class ProgramRunner {
  readonly #options: ProgramRunnerOptions;
  readonly #threads = new Set<Worker>();
  readonly #standbys: ProgramThread[] = [];
  #isClosed = false;

  constructor(options: ProgramRunnerOptions = {}) {
    this.#options = options;
  }

  /** How many threads there are, with those that wait for the next runs. */
  get threadCount(): number {
    return this.#threads.size;
  }

  /** Starts the threads of the next runs, if they are not there: most of a run's time is loading Pulumi's packages. */
  prepare(): void {
    const { programCount = 1 } = this.#options;
    while (!this.#isClosed && this.#standbys.length < programCount) this.#standbys.push(this.#start());
  }

  /**
   * Runs the program with its calls to these AWS hosts sent to their local ports.
   * @throws {OperatorError} named as the program's error, for one whose message says all; else an error with its stack
   */
  async run(stackConfig: StackConfig, hosts: EmulatedHosts): Promise<ResourceGraph> {
    if (this.#isClosed) throw new Error("the program runner is closed");
    const { worker, answer } = this.#standbys.shift() ?? this.#start();
    const { account = {}, runLimitMs = 60_000 } = this.#options;
    const request: ProgramRequest = { stackConfig, hosts, account };
    worker.postMessage(request);
    const timeout = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => timeout.reject(new OperatorError(`the program did not end within ${runLimitMs / 1000} s`)),
      runLimitMs,
    );
    try {
      return graphOf(await Promise.race([answer, timeout.promise]));
    } finally {
      clearTimeout(timer);
      void worker.terminate();
    }
  }

  /** Ends every thread; a run that is under way fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#threads].map((worker) => worker.terminate()));
  }

  #start(): ProgramThread {
    const worker = new Worker(new URL("program-thread.ts", import.meta.url), { name: "program" });
    this.#threads.add(worker);
    const { promise: answer, resolve, reject } = Promise.withResolvers<ProgramAnswer>();
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => {
      this.#threads.delete(worker);
      const index = this.#standbys.findIndex((thread) => thread.worker === worker);
      if (index !== -1) this.#standbys.splice(index, 1);
      reject(
        new OperatorError(`the program ended its process, with exit code ${code}, before its run was over`),
      );
    });
    // Whoever runs a program in this thread is told.
    answer.catch(() => {});
    return { worker, answer };
  }
}

function graphOf(answer: ProgramAnswer): ResourceGraph {
  if ("graph" in answer) return answer.graph;
  const { name, message, stack, isExpected } = answer.failure;
  throw Object.assign(isExpected ? new OperatorError(message) : new Error(message), { name, stack });
}
