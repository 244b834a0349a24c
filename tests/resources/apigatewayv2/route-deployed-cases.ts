import type { RuleCase } from "../rule-case.ts";
import { independent } from "../rule-program.ts";

const connect = ["apigatewayv2/route:Route", "connect"] as const;

const deployment = ["apigatewayv2/deployment:Deployment", "chat"] as const;

const late =
  'deployment "chat" does not depend on it, so it may be made too early and not hold it: add it to dependsOn';

const response = ["apigatewayv2/routeResponse:RouteResponse", "say"] as const;

const pong = ["apigatewayv2/integrationResponse:IntegrationResponse", "ping"] as const;

export const refused: readonly RuleCase[] = [
  {
    rule: "route-deployed",
    of: connect,
    alter: independent(deployment, connect),
    says: `routeKey is "$connect": ${late}`,
  },
  {
    rule: "route-deployed",
    of: response,
    alter: independent(deployment, response),
    says: `routeResponseKey is "$default": ${late}`,
  },
  {
    rule: "route-deployed",
    of: pong,
    alter: independent(deployment, pong),
    says: `integrationResponseKey is "$default": ${late}`,
  },
];
