import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { programGraph, resource } from "./program-graph.ts";

/** What API Gateway knows in the access logs of a WebSocket API (developer guide, "WebSocket API logging"). */
const contextNames = [
  ...["apiId", "connectedAt", "connectionId", "domainName", "eventType", "extendedRequestId", "messageId"],
  ...["requestId", "requestTime", "requestTimeEpoch", "routeKey", "stage", "status"],
  ...["authorize.error", "authorize.latency", "authorize.status"],
  ...["authenticate.error", "authenticate.latency", "authenticate.status"],
  ...[
    "authorizer.error",
    "authorizer.integrationLatency",
    "authorizer.integrationStatus",
    "authorizer.latency",
  ],
  ...["authorizer.requestId", "authorizer.status", "authorizer.principalId"],
  ...["error.message", "error.messageString", "error.responseType", "error.validationErrorString"],
  ...["identity.sourceIp", "identity.userAgent"],
  ...["integration.error", "integration.integrationStatus", "integration.latency", "integration.requestId"],
  "integration.status",
];

async function stageInputs(settings = {}) {
  return resource(await programGraph(settings), "aws:apigatewayv2/stage:Stage", "websocket").inputs;
}

describe("the program's stage", () => {
  it("throttles as configured, new connections apart, logs errors and never a payload", async () => {
    const graph = await programGraph({
      throttlingRateLimit: "7",
      throttlingBurstLimit: "9",
      connectThrottlingRateLimit: "3",
      connectThrottlingBurstLimit: "4",
    });
    const stage = resource(graph, "aws:apigatewayv2/stage:Stage", "websocket");
    const { accessLogSettings, ...inputs } = stage.inputs;
    const common = { loggingLevel: "ERROR", dataTraceEnabled: false, detailedMetricsEnabled: false };
    assert.deepEqual(inputs, {
      apiId: graph.outputs.apiId,
      name: "prod",
      deploymentId: resource(graph, "aws:apigatewayv2/deployment:Deployment", "websocket").id,
      defaultRouteSettings: { ...common, throttlingRateLimit: 7, throttlingBurstLimit: 9 },
      routeSettings: [{ ...common, routeKey: "$connect", throttlingRateLimit: 3, throttlingBurstLimit: 4 }],
    });
  });

  it("counts by route when it is told to", async () => {
    const { defaultRouteSettings, routeSettings } = await stageInputs({ detailedMetrics: "true" });
    assert.deepEqual(
      [defaultRouteSettings, ...routeSettings].map(({ detailedMetricsEnabled }) => detailedMetricsEnabled),
      [true, true],
    );
  });

  it("has no logs when they are off", async () => {
    const { accessLogSettings, defaultRouteSettings, routeSettings } = await stageInputs({
      apiGatewayLogRole: "off",
    });
    assert.equal(accessLogSettings, undefined);
    assert.deepEqual(
      [defaultRouteSettings, ...routeSettings].map((one) => [one.loggingLevel, one.dataTraceEnabled]),
      [
        ["OFF", false],
        ["OFF", false],
      ],
    );
  });

  it("writes its access log to a log group of its own", async () => {
    const graph = await programGraph();
    const group = resource(graph, "aws:cloudwatch/logGroup:LogGroup", "access");
    const { accessLogSettings } = resource(graph, "aws:apigatewayv2/stage:Stage", "websocket").inputs;
    assert.equal(accessLogSettings.destinationArn, group.outputs.arn);
  });

  it("has log groups that are there before it and keep lines as configured", async () => {
    const graph = await programGraph({ logRetentionDays: "7", stageName: "live" });
    const { dependencies } = resource(graph, "aws:apigatewayv2/stage:Stage", "websocket");
    const [access, execution] = ["access", "execution"].map((name) =>
      resource(graph, "aws:cloudwatch/logGroup:LogGroup", name),
    );
    assert.deepEqual(access?.inputs, { retentionInDays: 7 });
    assert.deepEqual(execution?.inputs, {
      name: `/aws/apigateway/${graph.outputs.apiId}/live`,
      retentionInDays: 7,
    });
    assert.equal(
      [access, execution].every((group) => group && dependencies.includes(group.urn)),
      true,
    );
  });

  it("makes no log group that AWS would not take for the stage $default", async () => {
    const graph = await programGraph({ stageName: "$default" });
    assert.equal(
      graph.resources.some(({ type, name }) => type.endsWith(":LogGroup") && name === "execution"),
      false,
    );
  });
});

describe("the access log format", () => {
  let format: string;
  before(async () => {
    format = (await stageInputs()).accessLogSettings.format;
  });

  it("is one line of JSON, at most 3 KB, with the request's id", () => {
    assert.doesNotMatch(format, /\n/);
    assert.ok(Buffer.byteLength(format) <= 3072);
    assert.equal(JSON.parse(format).requestId, "$context.requestId");
  });

  it("says who, which route, with what outcome, and why a connection is refused", () => {
    const { connectionId, routeKey, status, principalId, authorizerStatus, authorizerError, error } =
      JSON.parse(format);
    assert.deepEqual(
      [connectionId, routeKey, status, principalId, authorizerStatus, authorizerError, error],
      [
        "$context.connectionId",
        "$context.routeKey",
        "$context.status",
        "$context.authorizer.principalId",
        "$context.authorizer.status",
        "$context.authorizer.error",
        "$context.error.message",
      ],
    );
  });

  it("uses nothing that API Gateway does not know, no header and no query", () => {
    const values: string[] = Object.values(JSON.parse(format));
    const known = contextNames.map((name) => `$context.${name}`);
    assert.deepEqual(
      values.filter((value) => !known.includes(value)),
      [],
    );
    assert.equal(new Set(values).size, values.length);
  });
});
