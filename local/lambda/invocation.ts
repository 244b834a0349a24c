import type { LogLevel } from "./runtime/environment-message.ts";

/** Why an invocation failed: function code, its time limit, its INIT phase; or why it was not taken at all. */
export type FailureKind = "error" | "timeout" | "init" | "throttled" | "tooLarge";

/** What an invocation ends with; errors have Lambda's types and messages. */
export type InvokeResult =
  | { readonly ok: true; readonly payload: unknown; readonly durationMs: number }
  | {
      readonly ok: false;
      readonly errorType: string;
      readonly errorMessage: string;
      readonly kind: FailureKind;
      readonly trace?: readonly string[];
    };

/** One line of a function's log; lines of the INIT phase have no request id. */
export interface LogEntry {
  readonly logicalName: string;
  readonly requestId?: string;
  /** In text, without the time, request id and level that Lambda puts in front of what `console` writes. */
  readonly line: string;
  readonly stream: "stdout" | "stderr" | "platform";
  /** Set for what `console` wrote. */
  readonly level?: LogLevel;
  /** Set for the line that ends an invocation. */
  readonly report?: InvocationReport;
}

/** What Lambda measures about one invocation. */
export interface InvocationReport {
  readonly requestId: string;
  readonly durationMs: number;
  /** Set for the first invocation of an environment. */
  readonly initMs?: number;
  readonly memoryMb: number;
  readonly maxMemoryUsedMb: number;
  readonly outcome: PlatformOutcome;
}

/** How the platform saw it end: an error that a handler throws is a success, as the function has answered. */
export type PlatformOutcome =
  | { readonly status: "success" }
  | { readonly status: "timeout" }
  | { readonly status: "error"; readonly errorType: string };

/** A load of the function that failed: in INIT itself, or when the invocation tried it again. */
export interface FailedInit {
  readonly durationMs: number;
  readonly phase: "init" | "invoke";
  readonly outcome: PlatformOutcome;
}

/** Lambda's REPORT line, tab-separated. INIT time is billed. */
export function reportLine(report: InvocationReport): string {
  const { requestId, durationMs, initMs, memoryMb, maxMemoryUsedMb, outcome } = report;
  return [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedMs(report)} ms`,
    `Memory Size: ${memoryMb} MB`,
    `Max Memory Used: ${maxMemoryUsedMb} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    ...outcomeFields(outcome),
  ].join("\t");
}

/** The same for a function with the JSON log format. */
export function reportRecord(report: InvocationReport): string {
  const { requestId, durationMs, initMs, memoryMb, maxMemoryUsedMb, outcome } = report;
  const metrics = {
    durationMs: rounded(durationMs),
    billedDurationMs: billedMs(report),
    memorySizeMB: memoryMb,
    maxMemoryUsedMB: maxMemoryUsedMb,
    ...(initMs !== undefined && { initDurationMs: rounded(initMs) }),
  };
  return platformRecord("platform.report", { requestId, metrics, ...outcome });
}

/** Lambda's INIT_REPORT line, which it writes of a failure only. */
export function initReportLine({ durationMs, phase, outcome }: FailedInit): string {
  return [
    `INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms`,
    `Phase: ${phase}`,
    ...outcomeFields(outcome),
  ].join("\t");
}

/** The same for a function with the JSON log format. */
export function initReportRecord({ durationMs, phase, outcome }: FailedInit): string {
  const metrics = { durationMs: rounded(durationMs) };
  return platformRecord("platform.initReport", {
    initializationType: "on-demand",
    phase,
    metrics,
    ...outcome,
  });
}

function outcomeFields(outcome: PlatformOutcome): string[] {
  if (outcome.status === "success") return [];
  return outcome.status === "timeout"
    ? ["Status: timeout"]
    : ["Status: error", `Error Type: ${outcome.errorType}`];
}

function platformRecord(type: string, record: object): string {
  return JSON.stringify({ time: new Date().toISOString(), type, record });
}

function billedMs({ durationMs, initMs = 0 }: InvocationReport): number {
  return Math.ceil(durationMs + initMs);
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
