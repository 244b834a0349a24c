import type { AcceptedCase, RuleCase } from "../rule-case.ts";

const integration = ["apigatewayv2/integration:Integration", "say"] as const;

const uri =
  "BadRequestException: Invalid integration URI specified (a WebSocket API calls a function by its invoke ARN, invokeArn)";

const timeout = "BadRequestException: Timeout should be between 50 ms and 29000 ms";

const websocketOnly = "only HTTP APIs have it";

const say = ["apigatewayv2/integration:Integration", "say"] as const;

export const refused: readonly RuleCase[] = [
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
  ...["MOCK", "AWS", "HTTP"].map((integrationType) => ({
    rule: "integration-response-missing",
    of: say,
    inputs: { integrationType },
    says: `integrationType is "${integrationType}": route say replies, and without an IntegrationResponse $default there is no answer for what no other one takes`,
  })),
];

export const accepted: readonly AcceptedCase[] = [
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
  {
    what: "an integration with credentials, and no permission",
    of: integration,
    alter: (resource) => {
      if (resource.type.endsWith("Permission") && resource.name === "say") return undefined;
      const credentialsArn = "arn:aws:iam::123456789012:role/any";
      return resource.type.endsWith(":Integration")
        ? { ...resource, inputs: { ...resource.inputs, credentialsArn } }
        : resource;
    },
  },
  {
    what: "a function that is somebody else's, and no permission",
    of: integration,
    alter: (resource) => {
      if (resource.type.endsWith("Permission") && resource.name === "say") return undefined;
      const integrationUri =
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:theirs/invocations";
      return resource.type.endsWith(":Integration")
        ? { ...resource, inputs: { ...resource.inputs, integrationUri } }
        : resource;
    },
  },
];
