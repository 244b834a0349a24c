import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { runSource, sources } from "../engine/temporary-project.ts";
import { resource } from "./program-graph.ts";

const program = (args: string) => `
  import * as aws from "@pulumi/aws";
  import { Route } from "${sources}infra/route.ts";
  const api = new aws.apigatewayv2.Api("api", { protocolType: "WEBSOCKET", routeSelectionExpression: "$request.body.action" });
  const authorizer = new aws.apigatewayv2.Authorizer("sentry", { apiId: api.id, authorizerType: "REQUEST" });
  export const { routeKey, definition } = new Route("whoami", { api, stageName: "live", logRetentionDays: 1, ${args} });`;

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
      });
    });

  it("refuses an authorizer on any other route than $connect", async () => {
    await assert.rejects(runSource(program("authorizer")), {
      name: "Error",
      message: "route whoami: a WebSocket API takes an authorizer on $connect only",
    });
  });
});
