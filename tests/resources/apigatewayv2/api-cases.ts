import type { AcceptedCase, RuleCase } from "../rule-case.ts";

const api = ["apigatewayv2/api:Api", "chat"] as const;

const websocketOnly = "only HTTP APIs have it";

/** Statements that create as many resources of the API. */
function many(type: string, count: number, args: string): string {
  return `for (let i = 0; i < ${count}; i++) new aws.apigatewayv2.${type}("many" + i, { apiId, ${args} });`;
}

const authorizerArgs = `
  authorizerType: "REQUEST",
  authorizerUri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:theirs/invocations"`;

export const refused: readonly RuleCase[] = [
  {
    rule: "api-name",
    of: api,
    inputs: { name: "n".repeat(129) },
    says: `name is "${"n".repeat(129)}": must have 1 to 128 characters`,
  },
  {
    rule: "api-route-selection",
    of: api,
    inputs: { routeSelectionExpression: undefined },
    says: "routeSelectionExpression is not set: BadRequestException: Invalid routeSelectionExpression",
  },
  {
    rule: "api-http-only",
    of: api,
    inputs: { corsConfiguration: { allowOrigins: ["*"] } },
    says: `corsConfiguration is {"allowOrigins":["*"]}: ${websocketOnly}`,
  },
  ...["credentialsArn", "routeKey", "target"].map((property) => ({
    rule: "api-http-only",
    of: api,
    inputs: { [property]: "any" },
    says: `${property} is "any": ${websocketOnly}`,
  })),
  {
    rule: "api-ip-address-type",
    of: api,
    inputs: { ipAddressType: "ipv6" },
    says: 'ipAddressType is "ipv6": must be ipv4 or dualstack',
  },
  {
    rule: "api-quotas",
    of: api,
    more: many("Route", 299, 'routeKey: "key" + i, authorizationType: "NONE"'),
    says: "number of routes is 301: an API may have at most 300",
  },
  {
    rule: "api-quotas",
    of: api,
    more: many("Integration", 299, 'integrationType: "MOCK"'),
    says: "number of integrations is 301: an API may have at most 300",
  },
  {
    rule: "api-quotas",
    of: api,
    more: many("Stage", 10, "deploymentId: deployment.id"),
    says: "number of stages is 11: an API may have at most 10",
  },
  {
    rule: "api-quotas",
    of: api,
    more: many("Authorizer", 10, authorizerArgs),
    says: "number of authorizers is 11: an API may have at most 10",
  },
];

export const accepted: readonly AcceptedCase[] = [
  { what: "a name of 128 characters", of: api, inputs: { name: "n".repeat(128) } },
  { what: "the address types that there are", of: api, inputs: { ipAddressType: "dualstack" } },
  { what: "IPv4 alone", of: api, inputs: { ipAddressType: "ipv4" } },
  {
    what: "an HTTP API with what only HTTP APIs have, and without route selection",
    of: api,
    inputs: { protocolType: "HTTP", routeSelectionExpression: undefined, corsConfiguration: {} },
  },
  { what: "10 authorizers", of: api, more: many("Authorizer", 9, authorizerArgs) },
  {
    what: "another API beside it, with the same names",
    of: api,
    more: `
      const other = { apiId: new aws.apigatewayv2.Api("other", { protocolType: "WEBSOCKET", routeSelectionExpression: "$request.body.action" }).id };
      const otherLambda = new aws.lambda.Function("other", { role: role.arn, runtime: "nodejs24.x", handler: "index.handler" });
      const otherModel = new aws.apigatewayv2.Model("other", { ...other, name: "tell", contentType: "application/json", schema: "{}" });
      const otherRoute = new aws.apigatewayv2.Route("other", { ...other, routeKey: "say", authorizationType: "NONE" }, { dependsOn: otherModel });
      const otherDeployment = new aws.apigatewayv2.Deployment("other", { ...other, triggers: { routes: "hash" } }, { dependsOn: otherRoute });
      new aws.apigatewayv2.Stage("other", { ...other, name: "live", deploymentId: otherDeployment.id });`,
  },
];
