import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { type EnvironmentSettings, ExecutionEnvironment, type InitPhase } from "./execution-environment.ts";
import type { FunctionDefinition } from "./function-definition.ts";
import type { InvokeResult } from "./invocation.ts";

interface WaitingInvocation {
  readonly requestId: string;
  readonly eventJson: string;
  readonly queuedAt: number;
  readonly resolve: (result: InvokeResult) => void;
}

/** Threads of one function that may start at a time: more would only slow each other down. */
const startLimit = Math.max(2, availableParallelism());

/** An event that waits less than this for a busy environment costs less than another thread. */
const growthDelayMs = 5;

/** One version of a function's code with its pool of execution environments. */
export class DeployedFunction {
  readonly #settings: EnvironmentSettings;
  readonly #environments = new Set<ExecutionEnvironment>();
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #waiting: WaitingInvocation[] = [];
  readonly #retired = Promise.withResolvers<void>();
  #starting = 0;
  #inFlight = 0;
  #isRetired = false;
  #isTerminated = false;
  #growTimer: NodeJS.Timeout | undefined;

  /** Writes the deployment package into a new directory under `directory`. */
  constructor(settings: Omit<EnvironmentSettings, "taskRoot">, directory: string) {
    this.#settings = { ...settings, taskRoot: writePackage(settings.definition, directory) };
  }

  get definition(): FunctionDefinition {
    return this.#settings.definition;
  }

  /** Invocations that have not ended. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Undefined for a function that shares what the account has left. */
  get reservedConcurrency(): number | undefined {
    return this.#settings.definition.reservedConcurrency;
  }

  /** Serves the event in an idle environment, or in the first that becomes free; starts more where events wait. */
  invoke(eventJson: string): Promise<InvokeResult> {
    this.#inFlight += 1;
    return new Promise((resolve) => {
      this.#waiting.push({ requestId: randomUUID(), eventJson, queuedAt: performance.now(), resolve });
      this.#dispatch();
    });
  }

  /** Lets what is in flight finish, then ends every environment and removes the package. */
  async retire(): Promise<void> {
    this.#isRetired = true;
    if (this.#inFlight === 0) this.#retired.resolve();
    await this.#retired.promise;
    await this.terminate();
  }

  /** Ends every environment at once; what is in flight fails. */
  async terminate(): Promise<void> {
    this.#isTerminated = true;
    clearTimeout(this.#growTimer);
    const endings = [...this.#environments].map((environment) => environment.terminate());
    await Promise.all(endings);
    rmSync(this.#settings.taskRoot, { recursive: true, force: true });
  }

  #dispatch(): void {
    if (this.#isTerminated) this.#failWaiting();
    while (this.#waiting.length > 0) {
      const environment = this.#idle.pop();
      if (!environment) break;
      void this.#serveNext(environment);
    }
    if (this.#waiting.length === 0) return;
    if (this.#environments.size === 0) this.#start();
    else this.#growTimer ??= setTimeout(() => this.#grow(), growthDelayMs);
  }

  /** Starts more environments when the oldest waiting event has waited while none was starting. */
  #grow(): void {
    this.#growTimer = undefined;
    const [oldest] = this.#waiting;
    if (oldest && this.#starting === 0 && performance.now() - oldest.queuedAt >= growthDelayMs) {
      const count = Math.min(this.#waiting.length, startLimit);
      for (let started = 0; started < count; started += 1) this.#start();
    }
    this.#dispatch();
  }

  #start(): void {
    const environment = this.#newEnvironment("init");
    this.#starting += 1;
    void environment.initialized.then(() => {
      this.#starting -= 1;
      void this.#serveNext(environment);
    });
  }

  #newEnvironment(phase: InitPhase): ExecutionEnvironment {
    const environment = new ExecutionEnvironment(this.#settings, phase);
    this.#environments.add(environment);
    void environment.ended.then(() => this.#forget(environment));
    return environment;
  }

  /** A failed INIT is tried again within the invocation that it was for, as Lambda does. */
  async #serveNext(ready: ExecutionEnvironment): Promise<void> {
    if (this.#isTerminated) return this.#failWaiting();
    const invocation = this.#waiting.shift();
    if (!invocation) return this.#release(ready);
    const environment = ready.isUsable ? ready : this.#newEnvironment("invoke");
    const result = await environment.invoke(invocation.requestId, invocation.eventJson);
    this.#finish(invocation, result);
    this.#release(environment);
  }

  #failWaiting(): void {
    for (const invocation of this.#waiting.splice(0)) {
      const errorMessage = `RequestId: ${invocation.requestId} Error: Runtime exited without providing a reason`;
      this.#finish(invocation, { ok: false, kind: "error", errorType: "Runtime.ExitError", errorMessage });
    }
  }

  #finish(invocation: WaitingInvocation, result: InvokeResult): void {
    this.#inFlight -= 1;
    invocation.resolve(result);
    if (this.#isRetired && this.#inFlight === 0) this.#retired.resolve();
  }

  #release(environment: ExecutionEnvironment): void {
    if (environment.isUsable) this.#idle.push(environment);
    this.#dispatch();
  }

  #forget(environment: ExecutionEnvironment): void {
    this.#environments.delete(environment);
    const index = this.#idle.indexOf(environment);
    if (index !== -1) this.#idle.splice(index, 1);
  }
}

function writePackage({ files }: FunctionDefinition, directory: string): string {
  const taskRoot = mkdtempSync(path.join(directory, "task-"));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(taskRoot, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return taskRoot;
}
