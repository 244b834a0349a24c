/** What a line of a function's log says, as far as it has a form that is known. */
export type LogLine =
  | {
      readonly kind: "decision";
      readonly decision: string;
      readonly reason: string;
      readonly connectionId: string;
      readonly latencyMs: number;
    }
  | {
      readonly kind: "error";
      readonly name: string;
      readonly message: string;
      /** Where it came from, in lines. */
      readonly frames: readonly string[];
    }
  | { readonly kind: "text"; readonly text: string };

/**
 * Reads an authorizer's decision and a failed invocation from their JSON, and leaves the metadata of CloudWatch's
 * embedded metric format out of any other line.
 */
export function readLogLine(line: string): LogLine {
  const [, failure] = /^(?:Init|Invoke) Error ?\t(.+)$/.exec(line) ?? [];
  // With the JSON log format, the error is the message.
  const { errorType, errorMessage, stack, stackTrace } = members(failure ?? members(line).message);
  if (typeof errorType === "string") {
    const frames = framesOf(stack ?? stackTrace);
    return { kind: "error", name: errorType, message: `${errorMessage}`, frames };
  }
  const { _aws, ...told } = members(line);
  if (_aws === undefined) return { kind: "text", text: line };
  const { decision, reason, connectionId, latencyMs } = told;
  return typeof decision === "string" &&
    typeof reason === "string" &&
    typeof connectionId === "string" &&
    typeof latencyMs === "number"
    ? { kind: "decision", decision, reason, connectionId, latencyMs }
    : { kind: "text", text: JSON.stringify(told) };
}

function framesOf(stack: unknown): string[] {
  return Array.isArray(stack) ? stack.map(String).filter((line) => /^\s+at /.test(line)) : [];
}

function members(json: unknown): Readonly<Record<string, unknown>> {
  try {
    return { ...(typeof json === "string" ? JSON.parse(json) : Object(json)) };
  } catch {
    return {};
  }
}
