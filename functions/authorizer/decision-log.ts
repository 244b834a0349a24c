import type { Reason } from "./refusal.ts";
import type { TokenSource } from "./token-source.ts";

export interface Decision {
  /** `fail` is our own failure: the client may try again. */
  readonly decision: "allow" | "deny" | "fail";
  readonly reason: Reason | "allowed";
  /** Set only when one token was found. */
  readonly source: TokenSource | undefined;
  /** Set only when the token was verified. */
  readonly sub: string | undefined;
}

const decisions = { Name: "decisions", Unit: "Count" };
const latencyMs = { Name: "latencyMs", Unit: "Milliseconds" };

/**
 * CloudWatch embedded metric format: the log line itself counts as a metric by decision and by reason.
 * Each combination is a metric that costs money, so latency is counted by decision alone.
 */
const metrics = [
  { Namespace: "jwt-websocket-api", Dimensions: [["apiId", "decision"]], Metrics: [decisions, latencyMs] },
  { Namespace: "jwt-websocket-api", Dimensions: [["apiId", "reason"]], Metrics: [decisions] },
];

/** Writes one JSON line per decision. Ids are API Gateway's; nothing that the client sent is in it. */
export function logDecision(apiId: string, event: unknown, startedAt: number, decision: Decision): void {
  const { requestId, connectionId } = Object(Object(event).requestContext);
  const line = JSON.stringify({
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: metrics },
    apiId,
    requestId,
    connectionId,
    ...decision,
    decisions: 1,
    latencyMs: Math.round((performance.now() - startedAt) * 1000) / 1000,
  });
  // Not console.log, whose prefix would hide the metric.
  process.stdout.write(`${line}\n`);
}
