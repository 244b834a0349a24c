import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { type ResourceGraph, resourcesOfType } from "../../local/graph/resource-graph.ts";
import { actions, messageRoutes, modelName, replyingNames, routeNames } from "./declared-routes.ts";
import { expectedRoutes } from "./expected-routes.ts";
import { programGraph, resource } from "./program-graph.ts";

/** The function that a route's integration calls. */
function targetOf(graph: ResourceGraph, target: string): string | undefined {
  const integration = resourcesOfType(graph, "aws:apigatewayv2/integration:Integration").find(
    ({ id }) => target === `integrations/${id}`,
  );
  return resourcesOfType(graph, "aws:lambda/function:Function").find(
    ({ outputs }) => outputs.invokeArn === integration?.inputs.integrationUri,
  )?.name;
}

describe("the program's routes", () => {
  it("are those of expected-routes.ts, besides connect, disconnect and default", () => {
    const message = "index.ts declares other routes than tests/program/expected-routes.ts: add yours there";
    assert.deepEqual(messageRoutes, expectedRoutes, message);
  });

  it("are these and no others, and only $connect is authorized", async () => {
    const graph = await programGraph();
    const { id: authorizerId } = resource(graph, "aws:apigatewayv2/authorizer:Authorizer", "cognito");
    const routes = resourcesOfType(graph, "aws:apigatewayv2/route:Route").map(
      ({ inputs: { apiId, target, ...inputs } }) => ({ ...inputs, calls: targetOf(graph, target) }),
    );
    const open = { authorizationType: "NONE" };
    const replies = { routeResponseSelectionExpression: "$default" };
    const checked = (name: string, routeKey: string) => ({
      modelSelectionExpression: "$request.body.action",
      requestModels: { [routeKey]: modelName(name) },
    });
    const selected = messageRoutes.map(({ name, routeKey, ...route }) => [
      name,
      {
        routeKey,
        calls: name,
        ...open,
        ...(route.replies && replies),
        ...(route.hasSchema && checked(name, routeKey)),
      },
    ]);
    assert.deepEqual(Object.fromEntries(routes.map((route) => [route.calls, route])), {
      connect: { routeKey: "$connect", calls: "connect", authorizationType: "CUSTOM", authorizerId },
      disconnect: { routeKey: "$disconnect", calls: "disconnect", ...open },
      default: { routeKey: "$default", calls: "default", ...open, ...replies },
      ...Object.fromEntries(selected),
    });
    assert.equal(routes.length, routeNames.length);
  });

  it("have a response exactly where the function's answer goes back to the client", async () => {
    const graph = await programGraph();
    const responses = resourcesOfType(graph, "aws:apigatewayv2/routeResponse:RouteResponse");
    assert.deepEqual(
      Object.fromEntries(responses.map(({ name, inputs }) => [name, inputs])),
      Object.fromEntries(
        replyingNames.map((name) => [
          name,
          {
            apiId: graph.outputs.apiId,
            routeId: resource(graph, "aws:apigatewayv2/route:Route", name).id,
            routeResponseKey: "$default",
          },
        ]),
      ),
    );
  });

  it("call their functions as Lambda proxies, after they are permitted to", async () => {
    const graph = await programGraph();
    const integrations = resourcesOfType(graph, "aws:apigatewayv2/integration:Integration");
    for (const { name, inputs, dependencies } of integrations) {
      assert.deepEqual(inputs, {
        apiId: graph.outputs.apiId,
        integrationType: "AWS_PROXY",
        integrationMethod: "POST",
        integrationUri: resource(graph, "aws:lambda/function:Function", name).outputs.invokeArn,
      });
      assert.ok(dependencies.includes(resource(graph, "aws:lambda/permission:Permission", name).urn));
    }
    assert.equal(integrations.length, routeNames.length);
  });

  it("have as models the schemas of their messages", async () => {
    const graph = await programGraph();
    for (const { name, routeKey } of messageRoutes.filter(({ hasSchema }) => hasSchema)) {
      const { schema, ...inputs } = resource(graph, "aws:apigatewayv2/model:Model", name).inputs;
      assert.deepEqual(inputs, {
        apiId: graph.outputs.apiId,
        name: modelName(name),
        contentType: "application/json",
      });
      const file = new URL(`../../functions/${name}.schema.json`, import.meta.url);
      assert.deepEqual(JSON.parse(schema), JSON.parse(readFileSync(file, "utf8")));
      assert.deepEqual(JSON.parse(schema).properties.action, { enum: [routeKey] });
    }
  });

  it("belong to one API that selects them by the action of a message", async () => {
    const graph = await programGraph();
    assert.deepEqual(resource(graph, "aws:apigatewayv2/api:Api", "websocket").inputs, {
      protocolType: "WEBSOCKET",
      routeSelectionExpression: "$request.body.action",
      ipAddressType: "dualstack",
      disableExecuteApiEndpoint: false,
    });
    const others = graph.resources.filter(
      ({ inputs }) => "apiId" in inputs && inputs.apiId !== graph.outputs.apiId,
    );
    assert.deepEqual(others, []);
  });

  it("are offered to clients by the function of $default", async () => {
    const { inputs } = resource(await programGraph(), "aws:lambda/function:Function", "default");
    assert.deepEqual(inputs.environment, { variables: { ACTIONS: JSON.stringify(actions) } });
  });
});
