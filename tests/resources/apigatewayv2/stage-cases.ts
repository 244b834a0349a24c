import type { Alter } from "../../altered-graph.ts";
import type { AcceptedCase, RuleCase } from "../rule-case.ts";

const stage = ["apigatewayv2/stage:Stage", "chat"] as const;

const throttles = { throttlingRateLimit: 1, throttlingBurstLimit: 1 };

const zero =
  "both throttles must be set and positive: unset, the provider sends 0, and every connection is refused with 429";

const payloads = "whole payloads are logged, and a token in a query string with them";

const destinationArn = "arn:aws:logs:us-east-1:123456789012:log-group:access";

const noRole =
  "BadRequestException: CloudWatch Logs role ARN must be set in account settings to enable logging";

/** The program that does not set the log role, with a stage that has these settings. */
function withoutLogRole(inputs: object): Alter {
  const silent = { defaultRouteSettings: throttles, routeSettings: [], accessLogSettings: undefined };
  return (resource) => {
    if (resource.type.endsWith(":Account")) return undefined;
    const entries = Object.entries({ ...resource.inputs, ...silent, ...inputs });
    return resource.type.endsWith(":Stage")
      ? { ...resource, inputs: Object.fromEntries(entries.filter(([, value]) => value !== undefined)) }
      : resource;
  };
}

/** The program with another name of the stage, where others name it too. */
function withStageName(name: string): Alter {
  return (resource) => {
    const { type, inputs } = resource;
    if (type.endsWith(":Stage")) return { ...resource, inputs: { ...inputs, name } };
    if (type.endsWith(":ApiMapping")) return { ...resource, inputs: { ...inputs, stage: name } };
    return type.endsWith(":Permission")
      ? { ...resource, inputs: { ...inputs, sourceArn: inputs.sourceArn.replace("/live/", `/${name}/`) } }
      : resource;
  };
}

export const refused: readonly RuleCase[] = [
  {
    rule: "stage-exists",
    of: ["apigatewayv2/stage:Stage", "twin"],
    more: 'new aws.apigatewayv2.Stage("twin", { apiId, name: "live", autoDeploy: true }, { dependsOn: stage });',
    says: 'name is "live": ConflictException: Stage already exists',
  },
  ...["a stage", "$other", "", "s".repeat(129)].map((name) => ({
    rule: "stage-name",
    of: stage,
    inputs: { name },
    says: `name is "${name}": BadRequestException: Stage name only allows a-zA-Z0-9_ (and -, and up to 128 characters)`,
  })),
  {
    rule: "stage-deployment",
    of: stage,
    inputs: { deploymentId: undefined },
    says: "deploymentId is not set: a stage without a deployment has no routes",
  },
  {
    rule: "stage-auto-deploy",
    of: stage,
    inputs: { deploymentId: "abcdef", autoDeploy: true },
    says: 'deploymentId is "abcdef": it cannot be set together with autoDeploy',
  },
  ...["throttlingRateLimit", "throttlingBurstLimit"].flatMap((throttle) => [
    {
      rule: "stage-throttles",
      of: stage,
      inputs: { defaultRouteSettings: { ...throttles, [throttle]: undefined } },
      says: `defaultRouteSettings.${throttle} is not set: ${zero}`,
    },
    {
      rule: "stage-throttles",
      of: stage,
      inputs: { defaultRouteSettings: { ...throttles, [throttle]: 0 } },
      says: `defaultRouteSettings.${throttle} is 0: ${zero}`,
    },
    {
      rule: "stage-throttles",
      of: stage,
      inputs: {
        routeSettings: [
          { routeKey: "say", ...throttles },
          { routeKey: "$connect", ...throttles, [throttle]: 0 },
        ],
      },
      says: `routeSettings[1].${throttle} is 0: ${zero}`,
    },
  ]),
  {
    rule: "stage-logging-level",
    of: stage,
    inputs: { defaultRouteSettings: { ...throttles, loggingLevel: "WARN" } },
    says: 'defaultRouteSettings.loggingLevel is "WARN": must be OFF, ERROR or INFO',
  },
  {
    rule: "stage-data-trace",
    of: stage,
    inputs: { defaultRouteSettings: { ...throttles, dataTraceEnabled: true } },
    says: `defaultRouteSettings.dataTraceEnabled is true: ${payloads}`,
  },
  {
    rule: "stage-data-trace",
    of: stage,
    inputs: { routeSettings: [{ routeKey: "say", ...throttles, dataTraceEnabled: true }] },
    says: `routeSettings[0].dataTraceEnabled is true: ${payloads}`,
  },
  {
    rule: "stage-log-role",
    of: stage,
    alter: withoutLogRole({ accessLogSettings: { destinationArn, format: "$context.requestId" } }),
    says: `accessLogSettings.destinationArn is "${destinationArn}": ${noRole}`,
  },
  {
    rule: "stage-log-role",
    of: stage,
    alter: withoutLogRole({ defaultRouteSettings: { ...throttles, loggingLevel: "ERROR" } }),
    says: `defaultRouteSettings.loggingLevel is "ERROR": ${noRole}`,
  },
  {
    rule: "stage-log-role",
    of: stage,
    alter: withoutLogRole({ routeSettings: [{ routeKey: "say", ...throttles, loggingLevel: "INFO" }] }),
    says: `routeSettings[0].loggingLevel is "INFO": ${noRole}`,
  },
  {
    rule: "stage-log-role",
    of: stage,
    alter: withoutLogRole({ defaultRouteSettings: { ...throttles, dataTraceEnabled: true } }),
    says: `defaultRouteSettings.dataTraceEnabled is true: ${noRole}`,
  },
  ...["access", "arn:aws:firehose:us-east-1:123456789012:deliverystream/access"].map((arn) => ({
    rule: "stage-access-log-group",
    of: stage,
    inputs: { accessLogSettings: { destinationArn: arn, format: "$context.requestId" } },
    says: `accessLogSettings.destinationArn is "${arn}": must be the ARN of a log group`,
  })),
  ...["$context.connectionId", "$context.requestIds", "$context.requestId.value"].map((format) => ({
    rule: "stage-access-log-request-id",
    of: stage,
    inputs: { accessLogSettings: { destinationArn, format } },
    says: `accessLogSettings.format is "${format}": BadRequestException: Access Log format must include either $context.requestId or $context.extendedRequestId`,
  })),
  {
    rule: "stage-access-log-line",
    of: stage,
    inputs: { accessLogSettings: { destinationArn, format: "$context.requestId\n$context.stage" } },
    says: String.raw`accessLogSettings.format is "$context.requestId\n$context.stage": BadRequestException: Access Log format must be single line, new line character is allowed only at end of the format`,
  },
  {
    rule: "stage-access-log-size",
    of: stage,
    inputs: { accessLogSettings: { destinationArn, format: `$context.requestId ${"é".repeat(1527)}` } },
    says: "accessLogSettings.format in bytes is 3073: must be at most 3072",
  },
  {
    rule: "stage-route-settings",
    of: stage,
    inputs: {
      routeSettings: [
        { routeKey: "say", ...throttles },
        { routeKey: "shout", ...throttles },
      ],
    },
    says: 'routeSettings[1].routeKey is "shout": NotFoundException: Unable to find Route by key shout within the provided RouteSettings',
  },
  {
    rule: "stage-route-settings",
    of: stage,
    inputs: { routeSettings: [{ routeKey: "shout", ...throttles }] },
    more: 'new aws.apigatewayv2.Route("other", { apiId: "other", routeKey: "shout", authorizationType: "NONE" });',
    says: 'routeSettings[0].routeKey is "shout": NotFoundException: Unable to find Route by key shout within the provided RouteSettings',
  },
];

export const accepted: readonly AcceptedCase[] = [
  ...["$default", "a-Z_0", "s".repeat(128)].map((name) => ({
    what: `a stage named ${name}`,
    of: stage,
    alter: withStageName(name),
  })),
  { what: "an input that is null", of: stage, inputs: { stageVariables: null } },
  {
    what: "a stage without any settings for routes",
    of: stage,
    inputs: { defaultRouteSettings: undefined, routeSettings: undefined },
  },
  {
    what: "a stage without logs in an account without a log role",
    of: stage,
    alter: withoutLogRole({
      defaultRouteSettings: { ...throttles, loggingLevel: "OFF", dataTraceEnabled: false },
    }),
  },
  {
    what: "logs in an account that has a log role already",
    of: stage,
    alter: (resource) => (resource.type.endsWith(":Account") ? undefined : resource),
    account: { apiGatewayLogRoleArn: "arn:aws:iam::123456789012:role/any" },
  },
  {
    what: "a log group's ARN that ends in :*",
    of: stage,
    inputs: { accessLogSettings: { destinationArn: `${destinationArn}:*`, format: "$context.requestId" } },
  },
  {
    what: "an access log format of 3 KB with the extended request id, and a new line at its end",
    of: stage,
    inputs: {
      accessLogSettings: { destinationArn, format: `${"$context.extendedRequestId".padEnd(3071)}\n` },
    },
  },
];
