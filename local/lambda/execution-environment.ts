import { randomBytes, randomUUID } from "node:crypto";
import { Worker } from "node:worker_threads";
import type { EmulatedHosts } from "../sandbox/emulated-hosts.ts";
import { environmentVariables } from "./environment-variables.ts";
import type { FunctionDefinition } from "./function-definition.ts";
import {
  type FailureKind,
  type InvokeResult,
  initReportLine,
  initReportRecord,
  type LogEntry,
  type PlatformOutcome,
  reportLine,
  reportRecord,
} from "./invocation.ts";
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

/** Where the function is loaded: before any event, or, where that has failed, within an invocation and its limit. */
export type InitPhase = "init" | "invoke";

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

const timeoutType = "Sandbox.Timedout";
const outOfMemoryType = "Runtime.OutOfMemory";

/** One worker thread that loads a function once and then serves one event at a time, until it fails or ends. */
export class ExecutionEnvironment {
  /** Settles when INIT is over, whether it succeeded or not. */
  readonly initialized: Promise<void>;
  /** Settles when the thread is gone. */
  readonly ended: Promise<void>;
  readonly #settings: EnvironmentSettings;
  readonly #phase: InitPhase;
  readonly #worker: Worker;
  readonly #wakeUp = new Int32Array(new SharedArrayBuffer(4));
  readonly #createdAt = performance.now();
  #initTimer: NodeJS.Timeout | undefined;
  readonly #resolveInitialized: () => void;
  #initMs: number | undefined;
  #isReady = false;
  #isStopped = false;
  #hasServed = false;
  #stopTimer: NodeJS.Timeout | undefined;
  #current: CurrentInvocation | undefined;
  #failure: Failure | undefined;
  #maxMemoryBytes = 0;

  constructor(settings: EnvironmentSettings, phase: InitPhase = "init") {
    this.#settings = settings;
    this.#phase = phase;
    this.#worker = startWorker(settings, this.#wakeUp);
    const initialized = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    this.initialized = initialized.promise;
    this.ended = ended.promise;
    this.#resolveInitialized = initialized.resolve;
    if (phase === "init")
      this.#initTimer = setTimeout(
        () => this.#endWith(timedOut("init", settings.initLimitMs)),
        settings.initLimitMs,
      );
    this.#worker.on("message", (message: RuntimeMessage) => this.#receive(message));
    this.#worker.on("error", (error) => this.#failWith({ kind: this.#failureKind, ...workerFailure(error) }));
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

  /** Serves one event, which must not overlap another; if the function is not loaded yet, that is part of it. */
  invoke(requestId: string, eventJson: string): Promise<InvokeResult> {
    return new Promise((resolve) => {
      const { timeoutMs } = this.#settings.definition;
      const timer = setTimeout(() => this.#endWith(timedOut("timeout", timeoutMs)), timeoutMs);
      const startedAt = this.#isReady ? performance.now() : this.#createdAt;
      this.#current = { requestId, startedAt, timer, resolve };
      if (this.#failure) return this.#fail(this.#failure);
      const deadlineMs = Date.now() + timeoutMs;
      const message: InvokeMessage = { requestId, eventJson, deadlineMs, traceId: newTraceId() };
      this.#worker.postMessage(message);
      Atomics.store(this.#wakeUp, 0, 1);
      Atomics.notify(this.#wakeUp, 0);
    });
  }

  /** Stops the thread at once, even in an endless loop. */
  async terminate(): Promise<void> {
    this.#isStopped = true;
    await this.#worker.terminate();
  }

  #receive(message: RuntimeMessage): void {
    if (message.type === "log") {
      const { stream, level, lines } = message;
      for (const line of lines) this.#log({ stream, line, ...(level && { level }) });
    } else if (message.type === "ready") {
      this.#isReady = true;
      this.#finishInit();
    } else if (message.type === "initError") {
      this.#failWith({ kind: "init", ...message.error });
    } else if (this.#failure === undefined) {
      this.#maxMemoryBytes = Math.max(this.#maxMemoryBytes, message.memoryBytes);
      if (message.type === "error") this.#finish({ ok: false, kind: "error", ...message.error });
      else this.#succeed(message.json);
    }
  }

  #succeed(json: string): void {
    const durationMs = performance.now() - (this.#current?.startedAt ?? 0);
    this.#finish({ ok: true, payload: JSON.parse(json), durationMs });
  }

  #finish(result: InvokeResult, outcome: PlatformOutcome = { status: "success" }): void {
    const current = this.#current;
    if (!current) return;
    const { memoryMb, timeoutMs } = this.#settings.definition;
    const durationMs = result.ok ? result.durationMs : performance.now() - current.startedAt;
    const isFirst = !this.#hasServed && this.#phase === "init" && this.#isReady;
    const report = {
      requestId: current.requestId,
      durationMs: outcome.status === "timeout" ? timeoutMs : durationMs,
      ...(isFirst && this.#initMs !== undefined && { initMs: this.#initMs }),
      memoryMb,
      maxMemoryUsedMb: Math.ceil(this.#maxMemoryBytes / 2 ** 20),
      outcome,
    };
    this.#hasServed = true;
    const line = this.#isJson ? reportRecord(report) : reportLine(report);
    this.#log({ stream: "platform", line, report });
    this.#current = undefined;
    clearTimeout(current.timer);
    current.resolve(result);
  }

  #fail(failure: Failure): void {
    const { kind, errorType, errorMessage = "", reason, trace } = failure;
    if (errorType === outOfMemoryType) this.#maxMemoryBytes = this.#settings.definition.memoryMb * 2 ** 20;
    const message =
      reason === undefined ? errorMessage : `RequestId: ${this.#current?.requestId} Error: ${reason}`;
    const result = { ok: false, kind, errorType, errorMessage: message, ...(trace && { trace }) } as const;
    this.#finish(result, outcomeOf(failure));
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
    const failure = this.#failure ?? { kind: this.#failureKind, ...exited(code) };
    this.#failure = failure;
    if (this.#initMs === undefined && !this.#isStopped) this.#reportFailedInit(outcomeOf(failure));
    this.#finishInit();
    this.#fail(failure);
  }

  #finishInit(): void {
    clearTimeout(this.#initTimer);
    this.#initMs ??= performance.now() - this.#createdAt;
    this.#resolveInitialized();
  }

  #reportFailedInit(outcome: PlatformOutcome): void {
    const init = { durationMs: performance.now() - this.#createdAt, phase: this.#phase, outcome };
    this.#log({ stream: "platform", line: this.#isJson ? initReportRecord(init) : initReportLine(init) });
  }

  get #failureKind(): FailureKind {
    return this.#isReady ? "error" : "init";
  }

  get #isJson(): boolean {
    return this.#settings.definition.logging?.format === "JSON";
  }

  #log(entry: Omit<LogEntry, "logicalName" | "requestId">): void {
    const { definition, onLog } = this.#settings;
    const requestId = this.#current?.requestId;
    onLog({ logicalName: definition.logicalName, ...(requestId !== undefined && { requestId }), ...entry });
  }
}

function startWorker(
  { definition, taskRoot, runtimePath, hosts }: EnvironmentSettings,
  wakeUp: Int32Array<SharedArrayBuffer>,
): Worker {
  const { handler, functionArn, memoryMb } = definition;
  const workerData: RuntimeSettings = { taskRoot, handler, functionArn, hosts, wakeUp };
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

/** A trace of its own for each event: X-Ray is not emulated, so nothing is sampled and nothing has a parent. */
function newTraceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  const [root, parent] = [randomUUID(), randomUUID()].map((uuid) => uuid.replaceAll("-", ""));
  return `Root=1-${seconds}-${root?.slice(0, 24)};Parent=${parent?.slice(0, 16)};Sampled=0`;
}

function outcomeOf({ errorType }: Failure): PlatformOutcome {
  return errorType === timeoutType ? { status: "timeout" } : { status: "error", errorType };
}

function timedOut(kind: FailureKind, limitMs: number): Failure {
  const reason = `Task timed out after ${(limitMs / 1000).toFixed(2)} seconds`;
  return { kind, errorType: timeoutType, reason };
}

function exited(code: number): Omit<Failure, "kind"> {
  const reason =
    code === 0
      ? "Runtime exited without providing a reason"
      : `Runtime exited with error: exit status ${code}`;
  return { errorType: "Runtime.ExitError", reason };
}

function workerFailure(error: unknown): Omit<Failure, "kind"> {
  const isOutOfMemory =
    error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  return isOutOfMemory
    ? { errorType: outOfMemoryType, reason: "Runtime exited with error: signal: killed" }
    : exited(1);
}
