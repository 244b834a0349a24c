import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { type ResourceGraph, resourcesOfType } from "../../local/engine/resource-graph.ts";
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
  it("are these and no others, and only $connect is authorized", async () => {
    const graph = await programGraph();
    const { id: authorizerId } = resource(graph, "aws:apigatewayv2/authorizer:Authorizer", "cognito");
    const routes = resourcesOfType(graph, "aws:apigatewayv2/route:Route").map(
      ({ inputs: { apiId, target, ...inputs } }) => ({ ...inputs, calls: targetOf(graph, target) }),
    );
    const open = { authorizationType: "NONE" };
    const replies = { routeResponseSelectionExpression: "$default" };
    const checked = (name: string) => ({
      modelSelectionExpression: "$request.body.action",
      requestModels: { [name]: name },
    });
    assert.deepEqual(Object.fromEntries(routes.map((route) => [route.calls, route])), {
      connect: { routeKey: "$connect", calls: "connect", authorizationType: "CUSTOM", authorizerId },
      disconnect: { routeKey: "$disconnect", calls: "disconnect", ...open },
      default: { routeKey: "$default", calls: "default", ...open, ...replies },
      sendmessage: {
        routeKey: "sendmessage",
        calls: "sendmessage",
        ...open,
        ...replies,
        ...checked("sendmessage"),
      },
      whoami: { routeKey: "whoami", calls: "whoami", ...open, ...replies, ...checked("whoami") },
    });
    assert.equal(routes.length, 5);
  });

  it("have a response exactly where the function's answer goes back to the client", async () => {
    const graph = await programGraph();
    const responses = resourcesOfType(graph, "aws:apigatewayv2/routeResponse:RouteResponse");
    assert.deepEqual(
      Object.fromEntries(responses.map(({ name, inputs }) => [name, inputs])),
      Object.fromEntries(
        ["default", "sendmessage", "whoami"].map((name) => [
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
    assert.equal(integrations.length, 5);
  });

  it("have as models the schemas of their messages", async () => {
    const graph = await programGraph();
    for (const name of ["sendmessage", "whoami"]) {
      const { schema, ...inputs } = resource(graph, "aws:apigatewayv2/model:Model", name).inputs;
      assert.deepEqual(inputs, { apiId: graph.outputs.apiId, name, contentType: "application/json" });
      const file = new URL(`../../functions/${name}.schema.json`, import.meta.url);
      assert.deepEqual(JSON.parse(schema), JSON.parse(readFileSync(file, "utf8")));
      assert.deepEqual(JSON.parse(schema).properties.action, { enum: [name] });
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
    assert.deepEqual(inputs.environment, { variables: { ACTIONS: '["sendmessage","whoami"]' } });
  });
});
