import assert from "node:assert/strict";
import { beforeEach, describe, it } from "mocha";
import { type DeployedApi, deployedApis } from "../../local/gateway/deployed-api.ts";
import { Message } from "../../local/gateway/message.ts";
import type { Properties } from "../../local/graph/resource-graph.ts";
import { type StoredResource, TestProvider } from "./test-provider.ts";

describe("a Deployment that an engine creates", () => {
  let provider: TestProvider;
  let apiId: string;
  let join: StoredResource;
  let stage: StoredResource;
  beforeEach(async () => {
    provider = new TestProvider();
    ({ id: apiId } = await provider.create("apigatewayv2/api:Api", "api", {
      protocolType: "WEBSOCKET",
      routeSelectionExpression: "$request.body.action",
    }));
    join = await route("join");
    stage = await provider.create("apigatewayv2/stage:Stage", "prod", {
      apiId,
      name: "prod",
      deploymentId: (await deployment()).id,
    });
  });

  const route = (routeKey: string, more: Properties = {}) =>
    provider.create("apigatewayv2/route:Route", routeKey, {
      apiId,
      routeKey,
      authorizationType: "NONE",
      ...more,
    });
  const deployment = () => provider.create("apigatewayv2/deployment:Deployment", "d", { apiId });
  const reasons: string[] = [];
  const served = (): DeployedApi => {
    reasons.length = 0;
    const [api] = deployedApis(provider.account.graph(), undefined, ({ message }) => reasons.push(message));
    return api ?? assert.fail("no stage is served");
  };
  const routeKeys = () => [...served().routes.keys()];

  it("holds the routes of then, whatever comes or goes", async () => {
    await route("leave");
    await provider.delete(join);
    assert.deepEqual(routeKeys(), ["join"]);
    const inputs = { apiId, name: "prod", deploymentId: (await deployment()).id };
    await provider.update(stage, inputs);
    assert.deepEqual(routeKeys(), ["leave"]);
  });

  it("holds their settings, integrations, responses and models of then", async () => {
    const integration = await provider.create("apigatewayv2/integration:Integration", "i", {
      apiId,
      integrationType: "MOCK",
      requestTemplates: { "application/json": '{"statusCode":200}' },
    });
    const model = await provider.create("apigatewayv2/model:Model", "m", {
      apiId,
      name: "m",
      contentType: "application/json",
      schema: '{"required":["text"]}',
    });
    const say = await route("say", {
      target: `integrations/${integration.id}`,
      routeResponseSelectionExpression: "$default",
      requestModels: { $default: "m" },
      modelSelectionExpression: "$request.body.action",
    });
    const response = await provider.create("apigatewayv2/routeResponse:RouteResponse", "r", {
      apiId,
      routeId: say.id,
      routeResponseKey: "$default",
    });
    await provider.update(stage, { apiId, name: "prod", deploymentId: (await deployment()).id });
    for (const each of [response, say, integration, model]) await provider.delete(each);
    const { integration: target, replies, allows } = served().routes.get("say") ?? assert.fail("no route");
    assert.deepEqual([target?.type, replies], ["MOCK", true]);
    assert.deepEqual(
      ['{"text":"x"}', "{}"].map((text) => allows(new Message(text))),
      [true, false],
    );
    assert.deepEqual(reasons, []);
  });

  it("is not what a stage serves that deploys by itself", async () => {
    await provider.update(stage, { apiId, name: "prod", autoDeploy: true });
    await route("leave");
    assert.deepEqual(routeKeys(), ["join", "leave"]);
  });

  it("leaves a stage without one no routes", async () => {
    await provider.update(stage, { apiId, name: "prod" });
    assert.deepEqual(routeKeys(), []);
  });

  it("may hold a route that cannot be served: it fails, also where it would let clients in", async () => {
    const integration = await provider.create("apigatewayv2/integration:Integration", "i", {
      apiId,
      integrationType: "HTTP_PROXY",
      integrationMethod: "POST",
      integrationUri: "https://example.com",
    });
    await route("$connect", { target: `integrations/${integration.id}` });
    await provider.update(stage, { apiId, name: "prod", deploymentId: (await deployment()).id });
    const connect = served().routes.get("$connect");
    assert.equal(connect?.integration?.type, "AWS_PROXY");
    assert.equal(reasons.length, 1);
    assert.match(reasons[0] ?? "", /^integration "i": integrationType HTTP_PROXY is not emulated locally/);
  });
});
