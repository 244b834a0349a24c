import { randomBytes } from "node:crypto";
import { Worker } from "node:worker_threads";
import type { EmulatedHosts } from "./emulated-hosts.ts";
import { environmentVariables } from "./environment-variables.ts";
import type { FunctionDefinition } from "./function-definition.ts";
import { type FailureKind, type InvokeResult, type LogEntry, reportLine } from "./invocation.ts";
import type { InvokeMessage, RuntimeMessage, RuntimeSettings } from "./runtime/environment-message.ts";

/** What every execution environment of one function starts with. */
export interface EnvironmentSettings {
  readonly definition: FunctionDefinition;
  /** The directory that holds the deployment package. */
  readonly taskRoot: string;
  /** The file that holds the runtime bundle. */
  readonly runtimePath: string;
  readonly hosts: EmulatedHosts;
  readonly initLimitMs: number;
  readonly onLog: (entry: LogEntry) => void;
}

/** Why an environment ends: function code's own error, or a reason that Lambda prefixes with the request id. */
interface Failure {
  readonly kind: FailureKind;
  readonly errorType: string;
  readonly errorMessage?: string;
  readonly reason?: string;
  readonly trace?: readonly string[];
}

interface CurrentInvocation {
  readonly requestId: string;
  readonly startedAt: number;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (result: InvokeResult) => void;
}

const stopGraceMs = 250;

/** One worker thread that loads a function once and then serves one event at a time, until it fails or ends. */
export class ExecutionEnvironment {
  /** Settles when INIT is over, whether it succeeded or not. */
  readonly initialized: Promise<void>;
  /** Settles when the thread is gone. */
  readonly ended: Promise<void>;
  readonly #settings: EnvironmentSettings;
  readonly #worker: Worker;
  readonly #createdAt = performance.now();
  readonly #initTimer: NodeJS.Timeout;
  readonly #resolveInitialized: () => void;
  #initMs: number | undefined;
  #isReady = false;
  #hasServed = false;
  #stopTimer: NodeJS.Timeout | undefined;
  #current: CurrentInvocation | undefined;
  #failure: Failure | undefined;
  #maxMemoryBytes = 0;

  constructor(settings: EnvironmentSettings) {
    this.#settings = settings;
    this.#worker = startWorker(settings);
    const initialized = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    this.initialized = initialized.promise;
    this.ended = ended.promise;
    this.#resolveInitialized = initialized.resolve;
    this.#initTimer = setTimeout(
      () => this.#endWith(timedOut("init", settings.initLimitMs)),
      settings.initLimitMs,
    );
    this.#worker.on("message", (message: RuntimeMessage) => this.#receive(message));
    this.#worker.on("error", (error) => this.#failWith(workerFailure(error)));
    this.#worker.on("exit", (code) => {
      clearTimeout(this.#stopTimer);
      this.#finishEnded(code);
      ended.resolve();
    });
  }

  /** False once the environment has failed or ended: it serves no event again. */
  get isUsable(): boolean {
    return this.#failure === undefined;
  }

  /** Serves one event, which must not overlap another. In a failed environment it answers with that failure. */
  invoke(requestId: string, eventJson: string): Promise<InvokeResult> {
    return new Promise((resolve) => {
      const { timeoutMs } = this.#settings.definition;
      const timer = setTimeout(() => this.#endWith(timedOut("timeout", timeoutMs)), timeoutMs);
      const startedAt = this.#isReady ? performance.now() : this.#createdAt;
      this.#current = { requestId, startedAt, timer, resolve };
      if (this.#failure) return this.#fail(this.#failure);
      const message: InvokeMessage = { requestId, eventJson, deadlineMs: Date.now() + timeoutMs };
      this.#worker.postMessage(message);
    });
  }

  /** Stops the thread at once, even in an endless loop. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(message: RuntimeMessage): void {
    if (message.type === "log") {
      for (const line of message.lines) this.#log(message.stream, line);
    } else if (message.type === "ready") {
      this.#isReady = true;
      this.#finishInit();
    } else if (message.type === "initError") {
      this.#failWith({ kind: "init", ...message.error });
    } else if (message.type === "fatal") {
      this.#failWith({ kind: "error", ...message.error });
    } else if (this.#failure === undefined) {
      this.#maxMemoryBytes = Math.max(this.#maxMemoryBytes, message.memoryBytes);
      if (message.type === "error") this.#finish({ ok: false, kind: "error", ...message.error }, false);
      else this.#succeed(message.json);
    }
  }

  #succeed(json: string): void {
    const durationMs = performance.now() - (this.#current?.startedAt ?? 0);
    this.#finish({ ok: true, payload: JSON.parse(json), durationMs }, false);
  }

  #finish(result: InvokeResult, isPlatformError: boolean): void {
    const current = this.#current;
    if (!current) return;
    this.#current = undefined;
    clearTimeout(current.timer);
    const { definition, onLog } = this.#settings;
    const measure = {
      requestId: current.requestId,
      durationMs: result.ok ? result.durationMs : performance.now() - current.startedAt,
      ...(!this.#hasServed && this.#isReady && this.#initMs !== undefined && { initMs: this.#initMs }),
      memoryMb: definition.memoryMb,
      maxMemoryUsedMb: Math.ceil(this.#maxMemoryBytes / 2 ** 20),
    };
    this.#hasServed = true;
    const line = reportLine(measure, result, isPlatformError);
    onLog({ logicalName: definition.logicalName, requestId: current.requestId, line, stream: "platform" });
    current.resolve(result);
  }

  #fail({ kind, errorType, errorMessage = "", reason, trace }: Failure): void {
    const message =
      reason === undefined ? errorMessage : `RequestId: ${this.#current?.requestId} Error: ${reason}`;
    this.#finish({ ok: false, kind, errorType, errorMessage: message, ...(trace && { trace }) }, true);
  }

  #failWith(failure: Failure): void {
    this.#failure ??= failure;
  }

  /** A thread that waits for a child process cannot be stopped before that ends: its event does not wait too. */
  #endWith(failure: Failure): void {
    this.#failWith(failure);
    this.#stopTimer = setTimeout(() => this.#finishEnded(1), stopGraceMs);
    void this.#worker.terminate();
  }

  /** The thread delivers its last messages before it exits, so the log is complete when the outcome follows. */
  #finishEnded(code: number): void {
    const kind = this.#isReady ? "error" : "init";
    const failure = this.#failure ?? { kind, ...exited(code) };
    this.#failure = failure;
    this.#finishInit();
    this.#fail(failure);
  }

  #finishInit(): void {
    clearTimeout(this.#initTimer);
    this.#initMs ??= performance.now() - this.#createdAt;
    this.#resolveInitialized();
  }

  #log(stream: LogEntry["stream"], line: string): void {
    const { definition, onLog } = this.#settings;
    const requestId = this.#current?.requestId;
    onLog({
      logicalName: definition.logicalName,
      ...(requestId !== undefined && { requestId }),
      line,
      stream,
    });
  }
}

function startWorker({ definition, taskRoot, runtimePath, hosts }: EnvironmentSettings): Worker {
  const { handler, functionArn, memoryMb } = definition;
  const workerData: RuntimeSettings = { taskRoot, handler, functionArn, hosts };
  const worker = new Worker(runtimePath, {
    name: definition.logicalName,
    argv: [],
    env: environmentVariables(definition, taskRoot, logStreamName()),
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    workerData,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  return worker;
}

/** Like `2026/01/31/[$LATEST]` and 32 hexadecimal digits: one stream for each environment. */
function logStreamName(): string {
  const date = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
  return `${date}/[$LATEST]${randomBytes(16).toString("hex")}`;
}

function timedOut(kind: FailureKind, limitMs: number): Failure {
  const reason = `Task timed out after ${(limitMs / 1000).toFixed(2)} seconds`;
  return { kind, errorType: "Sandbox.Timedout", reason };
}

function exited(code: number): Omit<Failure, "kind"> {
  const reason =
    code === 0
      ? "Runtime exited without providing a reason"
      : `Runtime exited with error: exit status ${code}`;
  return { errorType: "Runtime.ExitError", reason };
}

function workerFailure(error: unknown): Failure {
  const isOutOfMemory =
    error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  if (!isOutOfMemory) return { kind: "error", ...exited(1) };
  return {
    kind: "error",
    errorType: "Runtime.OutOfMemory",
    reason: "Runtime exited with error: signal: killed",
  };
}
