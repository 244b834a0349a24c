/**
 * One JSON line for each handshake, message and close. It says who, which route, with what outcome, and why a
 * connection was refused. It holds no query string and no header, where a token could be.
 * Members are those that API Gateway lists for WebSocket APIs; it takes at most 3 KB.
 */
export const accessLogFormat = JSON.stringify({
  requestId: "$context.requestId",
  requestTime: "$context.requestTime",
  connectionId: "$context.connectionId",
  eventType: "$context.eventType",
  routeKey: "$context.routeKey",
  status: "$context.status",
  sourceIp: "$context.identity.sourceIp",
  principalId: "$context.authorizer.principalId",
  authorizerStatus: "$context.authorizer.status",
  authorizerError: "$context.authorizer.error",
  authorizerLatency: "$context.authorizer.latency",
  authorizeStatus: "$context.authorize.status",
  authorizeError: "$context.authorize.error",
  authenticateStatus: "$context.authenticate.status",
  authenticateError: "$context.authenticate.error",
  integrationStatus: "$context.integration.status",
  integrationError: "$context.integration.error",
  integrationLatency: "$context.integration.latency",
  error: "$context.error.message",
  errorType: "$context.error.responseType",
});
