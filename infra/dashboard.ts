import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { decisionMetrics } from "./metrics.ts";

export interface DashboardArgs {
  readonly apiId: pulumi.Output<string>;
  readonly stageName: string;
  readonly region: string;
  readonly partition: string;
}

/** Host of the AWS console, by partition. */
const consoleHosts: Readonly<Record<string, string>> = {
  aws: "console.aws.amazon.com",
  "aws-cn": "console.amazonaws.cn",
  "aws-us-gov": "console.amazonaws-us-gov.com",
};

/** One page that answers who connects, who is refused and why, how fast, and how much; and its address. */
export function createDashboard({ apiId, stageName, region, partition }: DashboardArgs): {
  readonly dashboard: pulumi.Resource;
  readonly url: pulumi.Output<string>;
} {
  const dashboard = new aws.cloudwatch.Dashboard("websocket", {
    // A dashboard silently replaces another of its name anywhere in the account: the API's id keeps them apart.
    // Names of projects and stacks may hold dots, that of a dashboard may not.
    dashboardName: apiId.apply((id) =>
      `${pulumi.getProject()}-${pulumi.getStack()}-${id}`.replaceAll(".", "-"),
    ),
    dashboardBody: pulumi.jsonStringify({
      widgets: apiId.apply((id) => widgets(id, stageName, region)),
    }),
  });
  const host = consoleHosts[partition] ?? consoleHosts.aws;
  const url = pulumi.interpolate`https://${host}/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`;
  return { dashboard, url };
}

function widgets(apiId: string, stageName: string, region: string) {
  const { namespace, decisions, latencyMs } = decisionMetrics;
  const decision = (outcome: string, color: string) => [
    namespace,
    decisions,
    "apiId",
    apiId,
    "decision",
    outcome,
    { label: outcome, color, stat: "Sum" },
  ];
  const latency = (stat: string) => [
    namespace,
    latencyMs,
    "apiId",
    apiId,
    "decision",
    "allow",
    { label: stat, stat },
  ];
  const stage = (metric: string, stat = "Sum") => [
    "AWS/ApiGateway",
    metric,
    "ApiId",
    apiId,
    "Stage",
    stageName,
    { stat, label: `${metric} ${stat}` },
  ];
  const reasons = `SEARCH('{"${namespace}",apiId,reason} MetricName="${decisions}" apiId="${apiId}" NOT reason="allowed"', 'Sum')`;
  const graphs: [string, unknown[], boolean?][] = [
    [
      "Who connects: decisions",
      [decision("allow", "#2ca02c"), decision("deny", "#ff7f0e"), decision("fail", "#d62728")],
      true,
    ],
    ["Who is refused, and why", [[{ expression: reasons, label: "" }]], true],
    ["How fast: the authorizer, ms", [latency("p50"), latency("p95"), latency("p99")]],
    [
      "How fast: the functions, ms",
      [
        stage("IntegrationLatency", "p50"),
        stage("IntegrationLatency", "p95"),
        stage("IntegrationLatency", "p99"),
      ],
    ],
    ["How much: connections and messages", [stage("ConnectCount"), stage("MessageCount")]],
    ["What goes wrong", [stage("ClientError"), stage("IntegrationError"), stage("ExecutionError")]],
  ];
  return graphs.map(([title, metrics, stacked = false], i) => ({
    type: "metric",
    x: (i % 2) * 12,
    y: Math.floor(i / 2) * 6,
    width: 12,
    height: 6,
    properties: { title, metrics, region, stacked, view: "timeSeries", period: 60 },
  }));
}
