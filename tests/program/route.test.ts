import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { readStackConfig } from "../../local/program/stack-config.ts";
import { type Files, runSource, sources, withProject } from "../engine/temporary-project.ts";
import { runWithMocks } from "../mocks/run-with-mocks.ts";
import { resource } from "./program-graph.ts";

const program = (args: string) => `
  import * as aws from "@pulumi/aws";
  import { Route } from "${sources}infra/route.ts";
  const api = new aws.apigatewayv2.Api("api", { protocolType: "WEBSOCKET", routeSelectionExpression: "$request.body.action" });
  const authorizerUri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:sentry/invocations";
  const authorizer = new aws.apigatewayv2.Authorizer("sentry", { apiId: api.id, authorizerType: "REQUEST", authorizerUri });
  export const { routeKey, definition } = new Route("whoami", { api, stageName: "live", logRetentionDays: 1, ${args} });`;

/** Runs a program with one route to a function of that name, in a checkout with these files more. */
function runInCheckout(name: string, files: Files) {
  const source = program("").replaceAll("whoami", name).replaceAll(sources, "./");
  const all = {
    "index.ts": source,
    "Pulumi.yaml": "name: sample",
    [`functions/${name}.ts`]: "export {}",
    ...files,
  };
  return withProject(all, (folder) => {
    cpSync(new URL("infra", sources), join(folder, "infra"), { recursive: true });
    const stackConfig = readStackConfig(folder, "test");
    return runWithMocks({ ...stackConfig, config: { "aws:region": "us-east-1" } });
  });
}

describe("a Route", () => {
  for (const [args, routeKey] of [
    ["replies: true", "whoami"],
    ["replies: false", "whoami"],
    ['routeKey: "$connect", authorizer', "$connect"],
    ['routeKey: "$connect", authorizer, replies: true', "$connect"],
  ] as const)
    it(`has a definition of all that API Gateway serves, with ${args}`, async () => {
      const graph = await runSource(program(args));
      const { definition, ...outputs } = graph.outputs;
      const part = (type: string) => resource(graph, `aws:apigatewayv2/${type}`, "whoami").inputs;
      const replies = args.includes("replies: true");
      assert.deepEqual(outputs, { routeKey });
      assert.deepEqual(definition, {
        integration: part("integration:Integration"),
        route: part("route:Route"),
        ...(replies && { response: part("routeResponse:RouteResponse") }),
        model: part("model:Model"),
      });
    });

  it("refuses an authorizer on any other route than $connect", async () => {
    await assert.rejects(runSource(program("authorizer")), {
      name: "Error",
      message: "route whoami: a WebSocket API takes an authorizer on $connect only",
    });
  });

  it("has no model without a schema", async () => {
    const graph = await runInCheckout("send-it", {});
    assert.equal("model" in graph.outputs.definition, false);
    assert.equal("requestModels" in resource(graph, "aws:apigatewayv2/route:Route", "send-it").inputs, false);
  });

  it("names the model of its schema with letters and digits", async () => {
    const graph = await runInCheckout("send-it", {
      "functions/send-it.schema.json": '{ "type":\n"object" }',
    });
    const { name, schema } = resource(graph, "aws:apigatewayv2/model:Model", "send-it").inputs;
    assert.deepEqual([name, schema], ["sendit", '{"type":"object"}']);
    const { requestModels } = resource(graph, "aws:apigatewayv2/route:Route", "send-it").inputs;
    assert.deepEqual(requestModels, { "send-it": "sendit" });
  });

  it("names the schema's file when that is not JSON", async () => {
    await assert.rejects(runInCheckout("send-it", { "functions/send-it.schema.json": "{" }), {
      name: "Error",
      message: /^functions\/send-it\.schema\.json: Expected property name or '}' in JSON at position 1/,
    });
  });
});
