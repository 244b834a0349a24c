import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { before, describe, it } from "mocha";
import { decisionMetrics } from "../../infra/metrics.ts";
import type { ResourceGraph } from "../../local/graph/resource-graph.ts";
import { type BuiltAuthorizer, loadAuthorizer } from "../authorizer/built-authorizer.ts";
import { connectRequest, withToken } from "../authorizer/connect-request.ts";
import { token } from "../authorizer/forgery.ts";
import { programGraph, resource } from "./program-graph.ts";

/** A metric as CloudWatch tells it from others. */
interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

interface LogLine {
  readonly [member: string]: unknown;
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
}

/** What CloudWatch counts for a line in embedded metric format. */
function metricsOf(line: LogLine): Metric[] {
  return line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name }) => {
        assert.equal(typeof line[Name], "number");
        const dimensions = Object.fromEntries(names.map((name) => [name, String(line[name])]));
        return { namespace: Namespace, name: Name, dimensions };
      }),
    ),
  );
}

describe("the authorizer's metrics", () => {
  const { namespace, decisions, latencyMs } = decisionMetrics;
  let graph: ResourceGraph;
  let authorizer: BuiltAuthorizer;
  let apiId: string;
  let methodArn: string;

  before(async () => {
    graph = await programGraph();
    const { inputs } = resource(graph, "aws:lambda/function:Function", "authorizer");
    methodArn = inputs.environment.variables.CONNECT_ARN;
    authorizer = loadAuthorizer({ CONNECT_ARN: methodArn });
    apiId = graph.outputs.apiId;
  });

  async function counted(event: unknown): Promise<Metric[]> {
    const { logLine } = await authorizer.decide(event);
    return metricsOf(JSON.parse(logLine));
  }

  /** The entries of the dashboard's graphs. */
  function shown(): unknown[][] {
    const { dashboardBody } = resource(graph, "aws:cloudwatch/dashboard:Dashboard", "websocket").inputs;
    const { widgets } = JSON.parse(dashboardBody) as { widgets: { properties: { metrics: unknown[][] } }[] };
    return widgets.flatMap(({ properties }) => properties.metrics);
  }

  const good = () => ({ ...withToken(token()), methodArn });
  const bad = () => ({ ...connectRequest(), methodArn });
  const foreign = () => withToken(token());

  it("are three of each line, and these", async () => {
    for (const [event, decision, reason] of [
      [good(), "allow", "allowed"],
      [bad(), "deny", "no_token"],
      [foreign(), "fail", "unexpected_event"],
    ] as const)
      assert.deepEqual(await counted(event), [
        { namespace, name: decisions, dimensions: { apiId, decision } },
        { namespace, name: latencyMs, dimensions: { apiId, decision } },
        { namespace, name: decisions, dimensions: { apiId, reason } },
      ]);
  });

  it("are what the alarm watches: failures, and nothing that anybody can cause", async () => {
    const { inputs } = resource(graph, "aws:cloudwatch/metricAlarm:MetricAlarm", "authorizer-failures");
    const watched = { namespace: inputs.namespace, name: inputs.metricName, dimensions: inputs.dimensions };
    const count = async (event: unknown) =>
      (await counted(event)).filter((metric) => isDeepStrictEqual(metric, watched)).length;
    assert.deepEqual([await count(foreign()), await count(good()), await count(bad())], [1, 0, 0]);
  });

  it("are what the dashboard shows, by decision", async () => {
    const emitted = [...(await counted(good())), ...(await counted(bad())), ...(await counted(foreign()))];
    const metrics = shown()
      .filter(([from]) => from === namespace)
      .map(([from, name, ...[first, firstValue, second, secondValue]]) => ({
        namespace: from,
        name,
        dimensions: { [String(first)]: firstValue, [String(second)]: secondValue },
      }));
    assert.equal(metrics.length, 3 + 3);
    const unknown = metrics.filter((metric) => !emitted.some((one) => isDeepStrictEqual(one, metric)));
    assert.deepEqual(unknown, []);
  });

  it("are what the dashboard searches for, by reason", async () => {
    const [byReason] = (await counted(bad())).filter(({ dimensions }) => "reason" in dimensions);
    const names = Object.keys(byReason?.dimensions ?? {}).join();
    const expressions = shown().flatMap(([first]) =>
      typeof first === "object" ? [(first as { expression: string }).expression] : [],
    );
    assert.deepEqual(expressions, [
      `SEARCH('{"${byReason?.namespace}",${names}} MetricName="${byReason?.name}" apiId="${apiId}" NOT reason="allowed"', 'Sum')`,
    ]);
  });
});
