import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { resourcesOfType } from "../../local/engine/resource-graph.ts";
import { runSource, sources } from "../engine/temporary-project.ts";
import { programGraph, resource } from "./program-graph.ts";

const type = "aws:cloudwatch/metricAlarm:MetricAlarm";
const topic = "arn:aws:sns:us-east-1:123456789012:alarms";

interface ThrottleQuery {
  readonly metric: { readonly dimensions: { readonly FunctionName: string } };
}

describe("the program's alarms", () => {
  it("watch what goes wrong on our side, with thresholds as configured", async () => {
    const graph = await programGraph({
      stageName: "live",
      alarmAuthorizerFailures: "2",
      alarmIntegrationErrors: "3",
      alarmExecutionErrors: "4",
      alarmLatencyMs: "5",
    });
    const { apiId } = graph.outputs;
    const common = {
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [],
      okActions: [],
    };
    const ofStage = { namespace: "AWS/ApiGateway", dimensions: { ApiId: apiId, Stage: "live" }, period: 300 };
    const alarms = resourcesOfType(graph, type).filter(({ name }) => name !== "throttling");
    assert.deepEqual(Object.fromEntries(alarms.map(({ name, inputs }) => [name, inputs])), {
      "authorizer-failures": {
        ...common,
        alarmDescription: "The authorizer could not decide: clients got 500",
        namespace: "jwt-websocket-api",
        metricName: "decisions",
        dimensions: { apiId, decision: "fail" },
        statistic: "Sum",
        period: 60,
        evaluationPeriods: 1,
        threshold: 2,
      },
      "integration-errors": {
        ...common,
        ...ofStage,
        alarmDescription: "Functions answered API Gateway with 4XX or 5XX, in 5 minutes",
        metricName: "IntegrationError",
        statistic: "Sum",
        evaluationPeriods: 1,
        threshold: 3,
      },
      "execution-errors": {
        ...common,
        ...ofStage,
        alarmDescription: "API Gateway could not call a function, in 5 minutes",
        metricName: "ExecutionError",
        statistic: "Sum",
        evaluationPeriods: 1,
        threshold: 4,
      },
      latency: {
        ...common,
        ...ofStage,
        alarmDescription: "Functions answer slowly: 95th percentile in ms, three times 5 minutes in a row",
        metricName: "IntegrationLatency",
        extendedStatistic: "p95",
        evaluationPeriods: 3,
        threshold: 5,
      },
    });
  });

  it("watch the throttles of every function", async () => {
    const graph = await programGraph({ alarmThrottles: "6" });
    const { metricQueries, threshold, ...inputs } = resource(graph, type, "throttling").inputs;
    assert.equal(threshold, 6);
    assert.deepEqual(inputs, {
      alarmDescription: "Lambda refused to start functions of this stack, in 5 minutes",
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [],
      okActions: [],
    });
    const [sum, ...metrics] = metricQueries;
    assert.deepEqual(sum, {
      id: "throttles",
      expression: "SUM(METRICS())",
      label: "throttled invocations",
      returnData: true,
    });
    const functions = resourcesOfType(graph, "aws:lambda/function:Function").map(
      ({ outputs }) => outputs.name,
    );
    const watched = metrics.map(({ metric }: ThrottleQuery) => metric.dimensions.FunctionName);
    assert.deepEqual(watched.sort(), functions.sort());
    assert.deepEqual(metrics[0], {
      id: "function0",
      metric: {
        namespace: "AWS/Lambda",
        metricName: "Throttles",
        dimensions: { FunctionName: graph.outputs.authorizerFunctionName },
        stat: "Sum",
        period: 300,
      },
    });
  });

  it("watch ten functions each, which is all that CloudWatch takes", async () => {
    const graph = await runSource(`
      import * as pulumi from "@pulumi/pulumi";
      import { createAlarms } from "${sources}infra/alarms.ts";
      const functionNames = Array.from({ length: 21 }, (_, i) => pulumi.output("function-" + i));
      createAlarms({ apiId: pulumi.output("api"), stageName: "live", functionNames, settings: {} });`);
    const alarms = resourcesOfType(graph, type).filter(({ name }) => name.startsWith("throttling"));
    const watched = alarms.map(({ name, inputs }) => [
      name,
      inputs.metricQueries.slice(1).map(({ metric }: ThrottleQuery) => metric.dimensions.FunctionName),
    ]);
    const names = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => `function-${from + i}`);
    assert.deepEqual(Object.fromEntries(watched), {
      throttling: names(0, 10),
      "throttling-2": names(10, 20),
      "throttling-3": names(20, 21),
    });
  });

  it("notify the configured topic when they go off and when they are over", async () => {
    const alarms = resourcesOfType(await programGraph({ alarmTopicArn: topic }), type);
    assert.equal(alarms.length, 5);
    for (const { inputs } of alarms)
      assert.deepEqual([inputs.alarmActions, inputs.okActions], [[topic], [topic]]);
  });
});
