import type { Properties, RecordedResource } from "../../graph/resource-graph.ts";
import { generatedName } from "../generated-name.ts";
import { anything } from "../needs.ts";
import { matching, optional } from "../property-checks.ts";
import type { ResourceType } from "../resource-type.ts";
import type { Breach } from "../rule.ts";
import { apiCalls } from "./api-calls.ts";
import { mappedDomains } from "./mapped-domains.ts";

const maxFormatBytes = 3072;

/** Where clients reach a deployment of an API. */
export const stage: ResourceType = {
  type: "aws:apigatewayv2/stage:Stage",
  takesTags: true,
  generatedName,
  create: ({ inputs: { apiId, name } }, { region, partition, accountId, dnsSuffix }) => ({
    id: name,
    outputs: {
      arn: `arn:${partition}:apigateway:${region}::/apis/${apiId}/stages/${name}`,
      executionArn: `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${name}`,
      invokeUrl: `wss://${apiId}.execute-api.${region}.${dnsSuffix}/${name}`,
    },
  }),
  defaults: { autoDeploy: false },
  replacedBy: ["apiId", "name"],
  refusesDeletion: ({ id, inputs }, others) =>
    mappedDomains(
      others,
      ({ apiId, stage }) => apiId === inputs.apiId && stage === id,
      `Deleting stage ${id}`,
      "stage",
    ),
  rules: [
    {
      // AWS names neither the dash, which its documentation allows, nor the length.
      name: "stage-name",
      check: optional(
        "name",
        matching(/^(\$default|[A-Za-z0-9_-]{1,128})$/),
        "BadRequestException: Stage name only allows a-zA-Z0-9_ (and -, and up to 128 characters)",
      ),
    },
    {
      name: "stage-exists",
      check: ({ inputs: { apiId }, outputs: { name } }, { resources }) =>
        resources.some(
          ({ type, inputs, outputs }) =>
            type === "aws:apigatewayv2/stage:Stage" && inputs.apiId === apiId && outputs.name === name,
        )
          ? { property: "name", value: name, answer: "ConflictException: Stage already exists" }
          : undefined,
    },
    {
      name: "stage-deployment",
      severity: "warning",
      check: ({ inputs: { deploymentId, autoDeploy } }) =>
        deploymentId || autoDeploy
          ? undefined
          : {
              property: "deploymentId",
              value: deploymentId,
              answer: "a stage without a deployment has no routes",
            },
    },
    {
      name: "stage-auto-deploy",
      check: ({ inputs: { deploymentId, autoDeploy } }) =>
        deploymentId && autoDeploy
          ? {
              property: "deploymentId",
              value: deploymentId,
              answer: "it cannot be set together with autoDeploy",
            }
          : undefined,
    },
    {
      // AWS takes it, and then refuses every connection.
      name: "stage-throttles",
      check: (resource) =>
        wrongSetting(
          resource,
          ["throttlingRateLimit", "throttlingBurstLimit"],
          (limit) => limit > 0,
          "both throttles must be set and positive: unset, the provider sends 0, and every connection is refused with 429",
        ),
    },
    {
      name: "stage-logging-level",
      check: (resource) =>
        wrongSetting(
          resource,
          ["loggingLevel"],
          (level) => [undefined, "OFF", "ERROR", "INFO"].includes(level),
          "must be OFF, ERROR or INFO",
        ),
    },
    {
      name: "stage-data-trace",
      severity: "warning",
      check: (resource) =>
        wrongSetting(
          resource,
          ["dataTraceEnabled"],
          (isOn) => !isOn,
          "whole payloads are logged, and a token in a query string with them",
        ),
    },
    {
      name: "stage-log-role",
      check: (resource, { resources, account }) => {
        const role = resources.find(({ type, read }) => type === "aws:apigateway/account:Account" && !read)
          ?.outputs.cloudwatchRoleArn;
        if (role || account.apiGatewayLogRoleArn) return undefined;
        const answer =
          "BadRequestException: CloudWatch Logs role ARN must be set in account settings to enable logging";
        const destinationArn: string | undefined = resource.inputs.accessLogSettings?.destinationArn;
        return (
          wrongSetting(resource, ["loggingLevel"], (level) => [undefined, "OFF"].includes(level), answer) ??
          wrongSetting(resource, ["dataTraceEnabled"], (isOn) => !isOn, answer) ??
          (destinationArn === undefined
            ? undefined
            : { property: "accessLogSettings.destinationArn", value: destinationArn, answer })
        );
      },
    },
    {
      name: "stage-access-log-group",
      check: optional(
        "accessLogSettings.destinationArn",
        matching(/^arn:[^:]+:logs:[^:]+:\d{12}:log-group:[^:]+(:\*)?$/),
        "must be the ARN of a log group",
      ),
    },
    {
      name: "stage-access-log-request-id",
      check: optional(
        "accessLogSettings.format",
        matching(/\$context\.(requestId|extendedRequestId)(?![\w.])/),
        "BadRequestException: Access Log format must include either $context.requestId or $context.extendedRequestId",
      ),
    },
    {
      name: "stage-access-log-line",
      check: optional(
        "accessLogSettings.format",
        matching(/^[^\n]*\n?$/),
        "BadRequestException: Access Log format must be single line, new line character is allowed only at end of the format",
      ),
    },
    {
      name: "stage-access-log-size",
      check: ({ inputs: { accessLogSettings } }) => {
        const bytes = Buffer.byteLength(accessLogSettings?.format ?? "");
        return bytes > maxFormatBytes
          ? {
              property: "accessLogSettings.format in bytes",
              value: bytes,
              answer: `must be at most ${maxFormatBytes}`,
            }
          : undefined;
      },
    },
    {
      name: "stage-route-settings",
      judged: "afterwards",
      check: ({ inputs: { apiId, routeSettings = [] } }, { resources }) => {
        const keys = resources
          .filter(({ type, inputs }) => type === "aws:apigatewayv2/route:Route" && inputs.apiId === apiId)
          .map(({ inputs }) => inputs.routeKey);
        const i = routeSettings.findIndex(({ routeKey }: Properties) => !keys.includes(routeKey));
        return i === -1
          ? undefined
          : {
              property: `routeSettings[${i}].routeKey`,
              value: routeSettings[i].routeKey,
              answer: `NotFoundException: Unable to find Route by key ${routeSettings[i].routeKey} within the provided RouteSettings`,
            };
      },
    },
  ],
  deployment: [
    apiCalls,
    {
      actions: [
        ...[
          "logs:CreateLogDelivery",
          "logs:GetLogDelivery",
          "logs:UpdateLogDelivery",
          "logs:DeleteLogDelivery",
        ],
        ...["logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies"],
      ],
      resources: anything,
    },
  ],
};

/** The first of the named settings, for all routes or for one, that is not as it must be. */
function wrongSetting(
  { inputs: { defaultRouteSettings, routeSettings = [] } }: RecordedResource,
  names: readonly string[],
  // biome-ignore lint/suspicious/noExplicitAny: settings are data of every shape
  isRight: (value: any) => boolean,
  answer: string,
): Breach | undefined {
  const all: (readonly [string, Properties])[] = [
    ...(defaultRouteSettings ? [["defaultRouteSettings", defaultRouteSettings] as const] : []),
    ...routeSettings.map((settings: Properties, i: number) => [`routeSettings[${i}]`, settings] as const),
  ];
  for (const [path, settings] of all)
    for (const name of names)
      if (!isRight(settings[name])) return { property: `${path}.${name}`, value: settings[name], answer };
  return undefined;
}
