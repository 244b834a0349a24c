import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { programGraph, resource } from "./program-graph.ts";

const type = "aws:cloudwatch/metricAlarm:MetricAlarm";
const topic = "arn:aws:sns:us-east-1:123456789012:alarms";

describe("the program's alarm", () => {
  it("rings when the authorizer answers 500 even once in a minute", async () => {
    const graph = await programGraph();
    assert.deepEqual(resource(graph, type, "authorizer-failures").inputs, {
      alarmDescription: "Connections to jwt-websocket-api-test answered 500: the authorizer could not decide",
      namespace: "jwt-websocket-api",
      metricName: "decisions",
      dimensions: { apiId: graph.outputs.apiId, decision: "fail" },
      statistic: "Sum",
      period: 60,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      treatMissingData: "notBreaching",
    });
  });

  it("notifies the configured topic when it rings and when it stops", async () => {
    const { inputs } = resource(await programGraph({ alarmTopicArn: topic }), type, "authorizer-failures");
    assert.deepEqual([inputs.alarmActions, inputs.okActions], [[topic], [topic]]);
  });
});
