/** What a line of a function's log says, as far as it has a form that is known. */
export type LogLine =
  | {
      readonly kind: "decision";
      readonly decision: string;
      readonly reason: string;
      readonly connectionId: string;
      readonly latencyMs: number;
    }
  | { readonly kind: "error"; readonly name: string; readonly message: string }
  | { readonly kind: "text"; readonly text: string };

/**
 * Reads an authorizer's decision and a failed invocation from their JSON, and leaves the metadata of CloudWatch's
 * embedded metric format out of any other line.
 */
export function readLogLine(line: string): LogLine {
  const [, failure] = /^(?:Invoke Error|Uncaught Exception) ?\t(.+)$/.exec(line) ?? [];
  const { errorType, errorMessage } = members(failure);
  if (typeof errorType === "string") return { kind: "error", name: errorType, message: `${errorMessage}` };
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

function members(json: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return { ...JSON.parse(json ?? "") };
  } catch {
    return {};
  }
}
