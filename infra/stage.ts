import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accessLogFormat } from "./access-log.ts";
import type { Route } from "./route.ts";
import type { Settings } from "./settings.ts";
import { successorFirst } from "./successor-first.ts";

export interface StageArgs {
  readonly apiId: pulumi.Output<string>;
  readonly deploymentId: pulumi.Output<string>;
  readonly routes: readonly Route[];
  /** Undefined: no API Gateway logs. */
  readonly logRole: pulumi.Input<string> | undefined;
  readonly settings: Settings;
}

/** The stage, with throttles for all routes and for those with their own, and with its log groups. */
export function createStage({
  apiId,
  deploymentId,
  routes,
  logRole,
  settings,
}: StageArgs): aws.apigatewayv2.Stage {
  const defaultRouteSettings = {
    throttlingRateLimit: settings.throttlingRateLimit,
    throttlingBurstLimit: settings.throttlingBurstLimit,
    loggingLevel: logRole ? "ERROR" : "OFF",
    // Tracing logs whole payloads, tokens among them: no setting turns it on.
    dataTraceEnabled: false,
    detailedMetricsEnabled: settings.detailedMetrics,
  };
  const routeSettings = routes.flatMap(({ routeKey, throttling }) =>
    throttling
      ? {
          ...defaultRouteSettings,
          routeKey,
          throttlingRateLimit: throttling.rateLimit,
          throttlingBurstLimit: throttling.burstLimit,
        }
      : [],
  );
  const { access, execution } = logGroups(apiId, logRole, settings);
  const logs = [access ?? [], execution ?? []].flat();
  return new aws.apigatewayv2.Stage(
    "websocket",
    {
      apiId,
      name: settings.stageName,
      deploymentId,
      defaultRouteSettings,
      routeSettings,
      ...(access && {
        accessLogSettings: {
          // The stage waits for the role, or API Gateway refuses its logs.
          destinationArn: pulumi.all([access.arn, logRole]).apply(([arn]) => arn),
          format: accessLogFormat,
        },
      }),
    },
    { ...successorFirst, dependsOn: logs },
  );
}

function logGroups(
  apiId: pulumi.Output<string>,
  logRole: pulumi.Input<string> | undefined,
  { stageName, logRetentionDays: retentionInDays }: Settings,
) {
  const access =
    logRole === undefined ? undefined : new aws.cloudwatch.LogGroup("access", { retentionInDays });
  // API Gateway would make this group itself, without retention. Its name for WebSocket APIs is unconfirmed: if AWS
  // uses another one, this group stays empty. No log group can be named after the stage $default. It is there without
  // API Gateway logs too: AWS may write a last line after they end, and create a group that is gone again.
  const execution =
    stageName === "$default"
      ? undefined
      : new aws.cloudwatch.LogGroup(
          "execution",
          { name: pulumi.interpolate`/aws/apigateway/${apiId}/${stageName}`, retentionInDays },
          successorFirst,
        );
  return { access, execution };
}
