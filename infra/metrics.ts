/** What the authorizer counts in its log lines (functions/authorizer/decision-log.ts): by API and decision, and by API and reason. */
export const decisionMetrics = {
  namespace: "jwt-websocket-api",
  decisions: "decisions",
  latencyMs: "latencyMs",
};
