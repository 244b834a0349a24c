import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { programGraph, resource } from "./program-graph.ts";

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly title: string; readonly region: string; readonly metrics: unknown[][] };
}

describe("the program's dashboard", () => {
  let widgets: Widget[];
  let apiId: string;
  before(async () => {
    const graph = await programGraph();
    const { inputs } = resource(graph, "aws:cloudwatch/dashboard:Dashboard", "websocket");
    assert.equal(inputs.dashboardName, "jwt-websocket-api-test");
    widgets = JSON.parse(inputs.dashboardBody).widgets;
    apiId = graph.outputs.apiId;
  });

  it("answers who connects, who is refused and why, how fast, how much, and what goes wrong", () => {
    assert.deepEqual(
      widgets.map(({ properties }) => properties.title),
      [
        "Who connects: decisions",
        "Who is refused, and why",
        "How fast: the authorizer, ms",
        "How fast: the functions, ms",
        "How much: connections and messages",
        "What goes wrong",
      ],
    );
  });

  it("shows metrics of this API and this region only", () => {
    for (const { type, properties } of widgets) {
      assert.equal(type, "metric");
      assert.equal(properties.region, "us-east-1");
      for (const metric of properties.metrics) assert.ok(JSON.stringify(metric).includes(apiId));
    }
  });

  it("counts decisions and reasons as the authorizer logs them", () => {
    const [decisions, reasons] = widgets.map(({ properties }) => properties.metrics);
    assert.deepEqual(
      decisions?.map((metric) => metric.slice(0, 6)),
      ["allow", "deny", "fail"].map((outcome) => [
        "jwt-websocket-api",
        "decisions",
        "apiId",
        apiId,
        "decision",
        outcome,
      ]),
    );
    assert.deepEqual(reasons, [
      [
        {
          expression: `SEARCH('{"jwt-websocket-api",apiId,reason} MetricName="decisions" apiId="${apiId}" NOT reason="allowed"', 'Sum')`,
          label: "",
        },
      ],
    ]);
  });

  it("lays its graphs side by side without overlap", () => {
    const places = widgets.map(({ x, y, width, height }) => `${x / width},${y / height}`);
    assert.deepEqual(places, ["0,0", "1,0", "0,1", "1,1", "0,2", "1,2"]);
  });

  for (const [region, partition, host] of [
    ["eu-west-1", "aws", "console.aws.amazon.com"],
    ["cn-north-1", "aws-cn", "console.amazonaws.cn"],
    ["us-gov-west-1", "aws-us-gov", "console.amazonaws-us-gov.com"],
  ] as const)
    it(`is at ${host} in ${region}`, async () => {
      const { outputs } = await programGraph({}, { region, partition });
      const path = `cloudwatch/home?region=${region}#dashboards/dashboard/jwt-websocket-api-test`;
      assert.equal(outputs.dashboardUrl, `https://${host}/${path}`);
    });
});
