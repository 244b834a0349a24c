import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { decisionMetrics } from "./metrics.ts";
import type { Settings } from "./settings.ts";

export interface AlarmArgs {
  readonly apiId: pulumi.Output<string>;
  readonly stageName: string;
  readonly functionNames: readonly pulumi.Output<string>[];
  readonly settings: Settings;
}

/** CloudWatch takes no more metrics than this in the expression of one alarm. */
const metricsPerAlarm = 10;

/**
 * The alarms of a stage. Each counts what goes wrong on our side; refused tokens raise none of them.
 * They notify `alarmTopicArn`, and exist without it.
 */
export function createAlarms({ apiId, stageName, functionNames, settings }: AlarmArgs): pulumi.Resource[] {
  const actions = settings.alarmTopicArn ? [settings.alarmTopicArn] : [];
  const common = {
    evaluationPeriods: 1,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    treatMissingData: "notBreaching",
    alarmActions: actions,
    okActions: actions,
  };
  const ofStage = {
    namespace: "AWS/ApiGateway",
    dimensions: { ApiId: apiId, Stage: stageName },
    period: 300,
  };

  const authorizerFailures = new aws.cloudwatch.MetricAlarm("authorizer-failures", {
    ...common,
    alarmDescription: "The authorizer could not decide: clients got 500",
    namespace: decisionMetrics.namespace,
    metricName: decisionMetrics.decisions,
    dimensions: { apiId, decision: "fail" },
    statistic: "Sum",
    period: 60,
    threshold: settings.alarmAuthorizerFailures,
  });
  const integrationErrors = new aws.cloudwatch.MetricAlarm("integration-errors", {
    ...common,
    ...ofStage,
    alarmDescription: "Functions answered API Gateway with 4XX or 5XX, in 5 minutes",
    metricName: "IntegrationError",
    statistic: "Sum",
    threshold: settings.alarmIntegrationErrors,
  });
  const executionErrors = new aws.cloudwatch.MetricAlarm("execution-errors", {
    ...common,
    ...ofStage,
    alarmDescription: "API Gateway could not call a function, in 5 minutes",
    metricName: "ExecutionError",
    statistic: "Sum",
    threshold: settings.alarmExecutionErrors,
  });
  const latency = new aws.cloudwatch.MetricAlarm("latency", {
    ...common,
    ...ofStage,
    alarmDescription: "Functions answer slowly: 95th percentile in ms, three times 5 minutes in a row",
    evaluationPeriods: 3,
    metricName: "IntegrationLatency",
    extendedStatistic: "p95",
    threshold: settings.alarmLatencyMs,
  });
  const throttling = chunks(functionNames, metricsPerAlarm).map(
    (names, i) =>
      new aws.cloudwatch.MetricAlarm(i === 0 ? "throttling" : `throttling-${i + 1}`, {
        ...common,
        alarmDescription: "Lambda refused to start functions of this stack, in 5 minutes",
        threshold: settings.alarmThrottles,
        metricQueries: [
          { id: "throttles", expression: "SUM(METRICS())", label: "throttled invocations", returnData: true },
          ...names.map((functionName, n) => ({
            id: `function${n}`,
            metric: {
              namespace: "AWS/Lambda",
              metricName: "Throttles",
              dimensions: { FunctionName: functionName },
              stat: "Sum",
              period: 300,
            },
          })),
        ],
      }),
  );
  return [authorizerFailures, integrationErrors, executionErrors, latency, ...throttling];
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}
