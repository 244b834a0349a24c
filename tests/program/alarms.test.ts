import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { type ResourceGraph, resourcesOfType } from "../../local/graph/resource-graph.ts";
import { runSource, sources } from "../engine/temporary-project.ts";
import { throttlingAlarms } from "./declared-routes.ts";
import { programGraph, resource, topicArn } from "./program-graph.ts";

const type = "aws:cloudwatch/metricAlarm:MetricAlarm";

function alarmsOf(graph: ResourceGraph) {
  return Object.fromEntries(resourcesOfType(graph, type).map(({ name, inputs }) => [name, inputs]));
}

/** What every alarm has. */
const common = {
  evaluationPeriods: 1,
  comparisonOperator: "GreaterThanOrEqualToThreshold",
  treatMissingData: "notBreaching",
  alarmActions: [],
  okActions: [],
};

describe("the program's alarms", () => {
  let graph: ResourceGraph;
  before(async () => {
    graph = await programGraph();
  });

  it("are these and no others, at their default thresholds, and tell nobody", () => {
    const { apiId } = graph.outputs;
    const ofStage = {
      namespace: "AWS/ApiGateway",
      dimensions: { ApiId: apiId, Stage: "prod" },
      period: 300,
    };
    const throttles = (name: string, n: number) => ({
      id: `function${n}`,
      metric: {
        namespace: "AWS/Lambda",
        metricName: "Throttles",
        dimensions: { FunctionName: resource(graph, "aws:lambda/function:Function", name).outputs.name },
        stat: "Sum",
        period: 300,
      },
    });
    const throttling = [...throttlingAlarms].map(([alarm, names]) => [
      alarm,
      {
        ...common,
        alarmDescription: "Lambda refused to start functions of this stack, in 5 minutes",
        threshold: 1,
        metricQueries: [
          { id: "throttles", expression: "SUM(METRICS())", label: "throttled invocations", returnData: true },
          ...names.map(throttles),
        ],
      },
    ]);
    assert.deepEqual(alarmsOf(graph), {
      "authorizer-failures": {
        ...common,
        alarmDescription: "The authorizer could not decide: clients got 500",
        namespace: "jwt-websocket-api",
        metricName: "decisions",
        dimensions: { apiId, decision: "fail" },
        statistic: "Sum",
        period: 60,
        threshold: 1,
      },
      "integration-errors": {
        ...common,
        ...ofStage,
        alarmDescription: "Functions answered API Gateway with 4XX or 5XX, in 5 minutes",
        metricName: "IntegrationError",
        statistic: "Sum",
        threshold: 5,
      },
      "execution-errors": {
        ...common,
        ...ofStage,
        alarmDescription: "API Gateway could not call a function, in 5 minutes",
        metricName: "ExecutionError",
        statistic: "Sum",
        threshold: 5,
      },
      latency: {
        ...common,
        ...ofStage,
        alarmDescription: "Functions answer slowly: 95th percentile in ms, three times 5 minutes in a row",
        evaluationPeriods: 3,
        metricName: "IntegrationLatency",
        extendedStatistic: "p95",
        threshold: 1000,
      },
      ...Object.fromEntries(throttling),
    });
  });

  it("differ with a topic in that they notify it when they go off and when they stop", async () => {
    const silent = Object.entries(alarmsOf(graph));
    const notify = { alarmActions: [topicArn], okActions: [topicArn] };
    assert.deepEqual(
      alarmsOf(await programGraph({ alarmTopicArn: topicArn })),
      Object.fromEntries(silent.map(([name, inputs]) => [name, { ...inputs, ...notify }])),
    );
  });

  it("go off from the configured thresholds on, at the configured stage", async () => {
    const alarms = alarmsOf(
      await programGraph({
        stageName: "live",
        alarmAuthorizerFailures: "11",
        alarmIntegrationErrors: "12",
        alarmExecutionErrors: "13",
        alarmThrottles: "14",
        alarmLatencyMs: "15",
      }),
    );
    const facts = Object.entries(alarms).map(([name, { threshold, dimensions }]) => [
      name,
      [threshold, dimensions?.Stage],
    ]);
    assert.deepEqual(Object.fromEntries(facts), {
      "authorizer-failures": [11, undefined],
      "integration-errors": [12, "live"],
      "execution-errors": [13, "live"],
      ...Object.fromEntries([...throttlingAlarms.keys()].map((name) => [name, [14, undefined]])),
      latency: [15, "live"],
    });
  });
});

describe("createAlarms", () => {
  const program = (count: number) => `
    import * as pulumi from "@pulumi/pulumi";
    import { createAlarms } from "${sources}infra/alarms.ts";
    const functionNames = Array.from({ length: ${count} }, (_, i) => pulumi.output("f" + (i + 1)));
    createAlarms({ apiId: pulumi.output("a1b2c3d4e5"), stageName: "prod", functionNames, settings: { alarmThrottles: 1 } });`;

  const names = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `f${from + i}`);
  for (const [count, expected] of [
    [1, { throttling: ["f1"] }],
    [10, { throttling: names(1, 10) }],
    [11, { throttling: names(1, 10), "throttling-2": ["f11"] }],
    [21, { throttling: names(1, 10), "throttling-2": names(11, 20), "throttling-3": ["f21"] }],
  ] as const)
    it(`watches ${count} functions with at most ten metrics an alarm`, async () => {
      const graph = await runSource(program(count));
      const throttling = resourcesOfType(graph, type).filter(({ inputs }) => inputs.metricQueries);
      const watched = throttling.map(({ name, inputs: { metricQueries } }) => {
        const [sum, ...metrics] = metricQueries as { id: string; metric: { dimensions: unknown } }[];
        assert.equal(sum?.id, "throttles");
        assert.deepEqual(
          metrics.map(({ id }) => id),
          metrics.map((_, n) => `function${n}`),
        );
        return [name, metrics.map(({ metric }) => Object.values(metric.dimensions as object)[0])];
      });
      assert.deepEqual(Object.fromEntries(watched), expected);
    });
});
