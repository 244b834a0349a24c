import type { AwsAccount, Properties, RecordedResource } from "./resource-graph.ts";

/** What exists when a resource is created. */
export interface Surroundings {
  readonly account: AwsAccount;
  readonly resources: readonly RecordedResource[];
}

interface Rule {
  readonly types: readonly string[];
  /** What AWS would answer, or undefined when the resource keeps the rule. */
  readonly broken: (inputs: Properties, surroundings: Surroundings) => string | undefined;
}

const api = "aws:apigatewayv2/api:Api";
const authorizer = "aws:apigatewayv2/authorizer:Authorizer";
const deployment = "aws:apigatewayv2/deployment:Deployment";
const lambdaFunction = "aws:lambda/function:Function";
const route = "aws:apigatewayv2/route:Route";
const stage = "aws:apigatewayv2/stage:Stage";

/** What AWS refuses, or accepts and then breaks, of a WebSocket API. */
const rules: readonly Rule[] = [
  {
    types: [api],
    broken: ({ protocolType, routeSelectionExpression }) =>
      protocolType === "WEBSOCKET" && !routeSelectionExpression
        ? "BadRequestException: routeSelectionExpression is required for WEBSOCKET protocol Apis"
        : undefined,
  },
  {
    types: [route],
    broken: ({ routeKey, authorizationType }) =>
      routeKey !== "$connect" && authorizationType !== "NONE"
        ? `authorizationType is ${authorizationType ?? "not set"} on route ${routeKey}: a WebSocket API authorizes on $connect only, every other route must say NONE`
        : undefined,
  },
  {
    types: [route],
    broken: ({ routeKey }) =>
      routeKey.startsWith("$") && !["$connect", "$disconnect", "$default"].includes(routeKey)
        ? `BadRequestException: routeKey ${routeKey} must not start with $`
        : undefined,
  },
  {
    types: [authorizer],
    broken: (inputs) => {
      const httpOnly = [
        "authorizerResultTtlInSeconds",
        "authorizerPayloadFormatVersion",
        "enableSimpleResponses",
        "jwtConfiguration",
      ];
      const property = httpOnly.find((name) => inputs[name] !== undefined);
      return property && `BadRequestException: ${property} cannot be set for WEBSOCKET protocol Apis`;
    },
  },
  {
    types: [authorizer],
    broken: ({ authorizerType }) =>
      authorizerType === "REQUEST"
        ? undefined
        : `BadRequestException: authorizerType is ${authorizerType}, but WEBSOCKET protocol Apis take REQUEST`,
  },
  {
    types: [authorizer],
    broken: ({ identitySources = [] }) => {
      const wrong = identitySources.find(
        (source: string) =>
          !/^(route\.request\.(header|querystring)|stageVariables|context)\.[\w.-]+$/.test(source),
      );
      return (
        wrong &&
        `BadRequestException: identitySources has ${wrong}, but WEBSOCKET protocol Apis take route.request.header.X, route.request.querystring.X, stageVariables.X or context.X`
      );
    },
  },
  {
    types: [deployment],
    broken: ({ apiId }, { resources }) =>
      resources.some(({ type, inputs }) => type === route && inputs.apiId === apiId)
        ? undefined
        : "BadRequestException: At least one route is required before deploying the Api.",
  },
  {
    types: [stage],
    broken: ({ defaultRouteSettings, routeSettings = [] }) => {
      const settings = [defaultRouteSettings, ...routeSettings].filter(Boolean);
      const zero = settings.some((one) => !(one.throttlingRateLimit > 0 && one.throttlingBurstLimit > 0));
      return zero
        ? "throttlingRateLimit and throttlingBurstLimit must both be set and positive: unset, the provider sends 0, and every connection is refused with 429"
        : undefined;
    },
  },
  {
    types: [stage],
    broken: ({ defaultRouteSettings, routeSettings = [], accessLogSettings }, { resources, account }) => {
      const settings = [defaultRouteSettings, ...routeSettings].filter(Boolean);
      const logs = accessLogSettings || settings.some((one) => ["INFO", "ERROR"].includes(one.loggingLevel));
      const role = resources.find(({ type, read }) => type === "aws:apigateway/account:Account" && !read)
        ?.outputs.cloudwatchRoleArn;
      return logs && !(role || account.apiGatewayLogRoleArn)
        ? "BadRequestException: CloudWatch Logs role ARN must be set in account settings to enable logging"
        : undefined;
    },
  },
  {
    types: [stage],
    broken: ({ accessLogSettings }) => {
      const format: string | undefined = accessLogSettings?.format;
      if (
        format === undefined ||
        (/\$context\.(requestId|extendedRequestId)/.test(format) &&
          !format.includes("\n") &&
          Buffer.byteLength(format) <= 3072)
      )
        return undefined;
      return "BadRequestException: accessLogSettings.format must be one line of at most 3 KB with $context.requestId or $context.extendedRequestId";
    },
  },
  {
    types: [lambdaFunction],
    broken: ({ environment }) =>
      Buffer.byteLength(JSON.stringify(environment?.variables ?? {})) > 4096
        ? "InvalidParameterValueException: Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit."
        : undefined,
  },
];

/** @throws {Error} that names the resource and says what AWS would answer, if it breaks a rule */
export function checkRules(resource: RecordedResource, surroundings: Surroundings): void {
  if (resource.read) return;
  for (const { types, broken } of rules) {
    const answer = types.includes(resource.type) && broken(resource.inputs, surroundings);
    if (answer) throw new Error(`${resource.type} "${resource.name}": ${answer}`);
  }
}
