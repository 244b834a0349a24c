/**
 * What the authorizer counts in its log lines (functions/authorizer/decision-log.ts): decisions by API and decision,
 * and by API and reason; latency by API and decision.
 */
export const decisionMetrics = {
  namespace: "jwt-websocket-api",
  decisions: "decisions",
  latencyMs: "latencyMs",
};
