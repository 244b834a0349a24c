/** Why an invocation failed: function code, its time limit, its concurrency, or its INIT phase. */
export type FailureKind = "error" | "timeout" | "throttled" | "init";

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
  readonly line: string;
  readonly stream: "stdout" | "stderr" | "platform";
}

/** What Lambda measures about one invocation; `initMs` only for the first of an environment. */
export interface InvocationMeasure {
  readonly requestId: string;
  readonly durationMs: number;
  readonly initMs?: number;
  readonly memoryMb: number;
  readonly maxMemoryUsedMb: number;
}

/** Lambda's REPORT line, tab-separated. INIT time is billed. A function's own errors have no status. */
export function reportLine(
  measure: InvocationMeasure,
  result: InvokeResult,
  isPlatformError: boolean,
): string {
  const { requestId, durationMs, initMs, memoryMb, maxMemoryUsedMb } = measure;
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms`,
    `Memory Size: ${memoryMb} MB`,
    `Max Memory Used: ${maxMemoryUsedMb} MB`,
  ];
  if (initMs !== undefined) fields.push(`Init Duration: ${initMs.toFixed(2)} ms`);
  if (!result.ok && result.kind === "timeout") fields.push("Status: timeout");
  else if (!result.ok && isPlatformError) fields.push("Status: error", `Error Type: ${result.errorType}`);
  return fields.join("\t");
}
