import type { AcceptedCase, RuleCase } from "./rule-case.ts";

const api = ["apigatewayv2/api:Api", "chat"] as const;
const integration = ["apigatewayv2/integration:Integration", "say"] as const;
const model = ["apigatewayv2/model:Model", "say"] as const;
const websocketOnly = "only HTTP APIs have it";
const timeout = "BadRequestException: Timeout should be between 50 ms and 29000 ms";
const uri =
  "BadRequestException: Invalid integration URI specified (a WebSocket API calls a function by its invoke ARN, invokeArn)";

/** Statements that create as many resources of the API. */
function many(type: string, count: number, args: string): string {
  return `for (let i = 0; i < ${count}; i++) new aws.apigatewayv2.${type}("many" + i, { apiId, ${args} });`;
}

const authorizerArgs = `
  authorizerType: "REQUEST",
  authorizerUri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:theirs/invocations"`;

export const apiGatewayCases: readonly RuleCase[] = [
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
  {
    rule: "integration-uri",
    of: integration,
    inputs: { integrationUri: "arn:aws:lambda:us-east-1:123456789012:function:say" },
    says: `integrationUri is "arn:aws:lambda:us-east-1:123456789012:function:say": ${uri}`,
  },
  {
    rule: "integration-uri",
    of: integration,
    inputs: { integrationUri: undefined },
    says: `integrationUri is not set: ${uri}`,
  },
  {
    rule: "integration-method",
    of: integration,
    inputs: { integrationMethod: "GET" },
    says: 'integrationMethod is "GET": functions are called with POST',
  },
  {
    rule: "integration-method",
    of: integration,
    inputs: { integrationMethod: undefined },
    says: "integrationMethod is not set: functions are called with POST",
  },
  ...[49, 29_001].map((ms) => ({
    rule: "integration-timeout",
    of: integration,
    inputs: { timeoutMilliseconds: ms },
    says: `timeoutMilliseconds is ${ms}: ${timeout}`,
  })),
  {
    rule: "integration-payload-version",
    of: integration,
    inputs: { payloadFormatVersion: "2.0" },
    says: 'payloadFormatVersion is "2.0": BadRequestException: Unsupported PayloadFormatVersion: 2.0',
  },
  ...["integrationSubtype", "responseParameters", "tlsConfig"].map((property) => ({
    rule: "integration-http-only",
    of: integration,
    inputs: { [property]: {} },
    says: `${property} is {}: ${websocketOnly}`,
  })),
  ...["say-it", "", "m".repeat(129)].map((name) => ({
    rule: "model-name",
    of: model,
    inputs: { name },
    says: `name is "${name}": BadRequestException: Model name must be alphanumeric: ${name} (and have up to 128 characters)`,
  })),
  {
    rule: "model-schema",
    of: model,
    inputs: { schema: "{" },
    says: `schema is "{": must be a JSON schema of draft 4: Expected property name or '}' in JSON at position 1 (line 1 column 2)`,
  },
  {
    rule: "model-schema",
    of: model,
    inputs: { schema: '{"type":"text"}' },
    says: String.raw`schema is "{\"type\":\"text\"}": must be a JSON schema of draft 4: schema is invalid: data/type must be equal to one of the allowed values, data/type must be array, data/type must match a schema in anyOf`,
  },
  {
    rule: "model-size",
    of: model,
    inputs: { schema: `{"title":"${"é".repeat(16_379)}"}` },
    says: "schema in bytes is 32770: must be at most 32768",
  },
];

export const apiGatewayAccepted: readonly AcceptedCase[] = [
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
  {
    what: "an integration without a function, for a route that does not reply",
    of: integration,
    alter: (resource) => {
      const { type, name, inputs } = resource;
      if (type.endsWith(":RouteResponse")) return undefined;
      if (type.endsWith(":Route") && name === "say") {
        const { routeResponseSelectionExpression, ...others } = inputs;
        return { ...resource, inputs: others };
      }
      const { integrationUri, integrationMethod, ...others } = inputs;
      return type.endsWith(":Integration") && name === "say"
        ? { ...resource, inputs: { ...others, integrationType: "MOCK" } }
        : resource;
    },
  },
  {
    what: "the shortest timeout, and payload version 1.0",
    of: integration,
    inputs: { timeoutMilliseconds: 50, payloadFormatVersion: "1.0" },
  },
  { what: "the longest timeout", of: integration, inputs: { timeoutMilliseconds: 29_000 } },
  { what: "a schema of 32 KB", of: model, inputs: { schema: `{"title":"${"x".repeat(32_756)}"}` } },
];
