import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import type { ResourceGraph } from "../../local/graph/resource-graph.ts";
import { runWithMocks } from "../mocks/run-with-mocks.ts";
import { projectName } from "../project-name.ts";
import { testStackConfig } from "../test-stack.ts";
import { programGraph, resource } from "./program-graph.ts";

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly title: string; readonly region: string; readonly metrics: unknown[][] };
}

const type = "aws:cloudwatch/dashboard:Dashboard";
const columns = 24;

describe("the program's dashboard", () => {
  let graph: ResourceGraph;
  let widgets: readonly Widget[];
  before(async () => {
    graph = await programGraph({ stageName: "live" });
    const { dashboardName, dashboardBody, ...others } = resource(graph, type, "websocket").inputs;
    assert.equal(dashboardName, `${projectName}-test-${graph.outputs.apiId}`);
    assert.deepEqual(others, {});
    const { widgets: all, ...members } = JSON.parse(dashboardBody);
    assert.deepEqual(members, {});
    widgets = all;
  });

  it("answers these questions and no others", () => {
    assert.deepEqual(
      widgets.map(({ type, properties: { title, metrics, ...properties } }) => [title, type, properties]),
      [
        ["Who connects: decisions", true],
        ["Who is refused, and why", true],
        ["How fast: the authorizer, ms", false],
        ["How fast: the functions, ms", false],
        ["How much: connections and messages", false],
        ["What goes wrong", false],
      ].map(([title, stacked]) => [
        title,
        "metric",
        { region: "us-east-1", stacked, view: "timeSeries", period: 60 },
      ]),
    );
  });

  it("has these metrics, each of this API, and of this stage where it has stages", () => {
    const { apiId } = graph.outputs;
    const decision = (outcome: string, color: string) => [
      ...["jwt-websocket-api", "decisions", "apiId", apiId, "decision", outcome],
      { label: outcome, color, stat: "Sum" },
    ];
    const latency = (stat: string) => [
      ...["jwt-websocket-api", "latencyMs", "apiId", apiId, "decision", "allow"],
      { label: stat, stat },
    ];
    const stage = (metric: string, stat = "Sum") => [
      ...["AWS/ApiGateway", metric, "ApiId", apiId, "Stage", "live"],
      { stat, label: `${metric} ${stat}` },
    ];
    const expression = `SEARCH('{"jwt-websocket-api",apiId,reason} MetricName="decisions" apiId="${apiId}" NOT reason="allowed"', 'Sum')`;
    const percentiles = ["p50", "p95", "p99"];
    assert.deepEqual(
      widgets.map(({ properties }) => properties.metrics),
      [
        [decision("allow", "#2ca02c"), decision("deny", "#ff7f0e"), decision("fail", "#d62728")],
        [[{ expression, label: "" }]],
        percentiles.map(latency),
        percentiles.map((stat) => stage("IntegrationLatency", stat)),
        [stage("ConnectCount"), stage("MessageCount")],
        [stage("ClientError"), stage("IntegrationError"), stage("ExecutionError")],
      ],
    );
  });

  it("has widgets that lie beside each other in CloudWatch's 24 columns", () => {
    const cells = widgets.flatMap(({ x, y, width, height }) => {
      assert.ok([x, y, width, height].every(Number.isInteger) && x >= 0 && y >= 0 && x + width <= columns);
      return Array.from(
        { length: width * height },
        (_, i) => `${x + (i % width)},${y + Math.floor(i / width)}`,
      );
    });
    assert.equal(new Set(cells).size, cells.length);
    assert.equal(cells.length, 6 * 12 * 6);
  });

  it("is named for the stack and its API, in characters that CloudWatch takes", async () => {
    const { outputs, resources } = await runWithMocks({
      ...testStackConfig({ jwks: "runtime" }),
      stack: "v1.2",
    });
    const dashboard = resources.find((one) => one.type === type);
    const name = `${projectName}-v1-2-${outputs.apiId}`;
    assert.equal(dashboard?.inputs.dashboardName, name);
    assert.equal(outputs.dashboardUrl.split("/").at(-1), name);
  });
});
