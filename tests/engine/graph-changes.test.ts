import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { type GraphChanges, graphChanges } from "../../local/graph/graph-changes.ts";
import type { ResourceGraph } from "../../local/graph/resource-graph.ts";
import { isReplacing } from "../../local/resources/replacement.ts";
import { programGraph } from "../program/program-graph.ts";
import { graphOf, resource } from "../resource-graph.ts";

function changesOf(before: ResourceGraph, after: ResourceGraph): GraphChanges {
  return graphChanges(before, after, isReplacing);
}

/** Each change as `operation type name: properties`. */
function told({ resources }: GraphChanges): string[] {
  return resources.map(({ operation, resource: { type, name }, properties }) =>
    `${operation} ${type.replace(/^aws:/, "")} ${name}: ${properties.join(" ")}`.replace(/: $/, ""),
  );
}

const api = resource("apigatewayv2/api:Api", "chat", { id: "a1b2c3", inputs: { protocolType: "WEBSOCKET" } });
const lambda = (inputs: object) => resource("lambda/function:Function", "f", { inputs: { ...inputs } });

describe("the changes from one graph to another", () => {
  it("are none between two runs of the same program", async () => {
    const graph = await programGraph();
    assert.deepEqual(changesOf(graph, structuredClone(graph)), {
      resources: [],
      unchangedCount: graph.resources.filter(({ read }) => !read).length,
      outputs: [],
      stillServed: [],
    });
  });

  it("say which routes and responses AWS would serve until one more deployment", () => {
    const inputs = { apiId: api.id };
    const stage = (deploymentId?: string) =>
      resource("apigatewayv2/stage:Stage", "s", { inputs: { ...inputs, deploymentId } });
    const parts = [
      resource("apigatewayv2/route:Route", "ping", { inputs: { ...inputs, routeKey: "p" } }),
      resource("apigatewayv2/routeResponse:RouteResponse", "pong", { inputs }),
      resource("apigatewayv2/model:Model", "ping", { inputs }),
      resource("apigatewayv2/route:Route", "other", { inputs: { apiId: "another", routeKey: "o" } }),
    ];
    for (const [deploymentId, expected] of [
      ["d", ["route p", "response of pong"]],
      [undefined, []],
    ] as const) {
      const [before, after] = [
        graphOf(api, ...parts, stage(deploymentId)),
        graphOf(api, stage(deploymentId)),
      ];
      assert.deepEqual(changesOf(before, after).stillServed, expected);
    }
    assert.deepEqual(changesOf(graphOf(api, ...parts, stage("d")), graphOf()).stillServed, []);
  });

  it("are what the program changes with its settings", async () => {
    const before = await programGraph();
    const after = await programGraph({ tokenUse: "id", throttlingRateLimit: "7" });
    const changes = changesOf(before, after);
    assert.deepEqual(told(changes), [
      "update lambda/function:Function authorizer: environment.variables.TOKEN_USE",
      "update apigatewayv2/stage:Stage websocket: defaultRouteSettings.throttlingRateLimit",
    ]);
    assert.equal(changes.unchangedCount, before.resources.length - 2);
  });

  it("are creations, updates, replacements and, last, deletions", () => {
    const before = graphOf(resource("iam/role:Role", "gone"), api, lambda({ timeout: 3 }));
    const after = graphOf(
      { ...api, inputs: { protocolType: "HTTP" } },
      lambda({ timeout: 4 }),
      resource("iam/role:Role", "new"),
    );
    const changes = changesOf(before, after);
    assert.deepEqual(told(changes), [
      "replace apigatewayv2/api:Api chat: protocolType",
      "update lambda/function:Function f: timeout",
      "create iam/role:Role new",
      "delete iam/role:Role gone",
    ]);
    assert.equal(changes.unchangedCount, 0);
  });

  it("are named by the paths of properties, without values", () => {
    const before = lambda({
      code: { files: { "index.js": "one", "a.js": "" } },
      environment: { variables: { KEPT: "1", CHANGED: "secret one", GONE: "1" } },
      layers: ["a", "b"],
      tags: { "app.kubernetes.io/name": "x" },
      architectures: ["arm64"],
    });
    const after = lambda({
      code: { files: { "index.js": "two" } },
      environment: { variables: { KEPT: "1", CHANGED: "secret two", NEW: "1" } },
      layers: ["a", "c"],
      tags: { "app.kubernetes.io/name": "y" },
      architectures: ["arm64", "x86_64"],
      description: "",
    });
    assert.deepEqual(told(changesOf(graphOf(before), graphOf(after))), [
      "update lambda/function:Function f: code environment.variables.CHANGED environment.variables.GONE " +
        'environment.variables.NEW layers[1] tags["app.kubernetes.io/name"] architectures description',
    ]);
  });

  it("replace what names a resource that is replaced, and what names that", () => {
    const deployment = (version: string) =>
      resource("apigatewayv2/deployment:Deployment", "chat", {
        id: "dep1",
        inputs: { apiId: "a1b2c3", triggers: { version } },
        dependencies: [api],
      });
    const stage = (of = deployment("1")) =>
      resource("apigatewayv2/stage:Stage", "chat", {
        id: "prod",
        inputs: { apiId: "a1b2c3", deploymentId: "dep1", name: "prod" },
        dependencies: [api, of],
      });
    const alarm = resource("cloudwatch/metricAlarm:MetricAlarm", "chat", {
      inputs: { dimensions: { Stage: "prod" }, name: "dep1" },
      dependencies: [stage()],
    });
    const before = graphOf(api, deployment("1"), stage(), alarm);
    assert.deepEqual(told(changesOf(before, graphOf(api, deployment("2"), stage(), alarm))), [
      "replace apigatewayv2/deployment:Deployment chat: triggers.version",
      "update apigatewayv2/stage:Stage chat: deploymentId",
    ]);
    const http = { ...api, inputs: { protocolType: "HTTP" } };
    assert.deepEqual(told(changesOf(before, graphOf(http, deployment("1"), stage(), alarm))), [
      "replace apigatewayv2/api:Api chat: protocolType",
      "replace apigatewayv2/deployment:Deployment chat: apiId",
      "replace apigatewayv2/stage:Stage chat: apiId deploymentId",
    ]);
  });

  it("replace a resource of which nothing can be updated", () => {
    const permission = (principal: string) =>
      resource("lambda/permission:Permission", "p", { inputs: { principal } });
    assert.deepEqual(told(changesOf(graphOf(permission("a")), graphOf(permission("b")))), [
      "replace lambda/permission:Permission p: principal",
    ]);
  });

  it("leave out what the program only reads", () => {
    const read = { ...resource("apigateway/account:Account", "account"), read: true };
    const changes = changesOf(graphOf(read), graphOf({ ...read, read: false }));
    assert.deepEqual(told(changes), ["create apigateway/account:Account account"]);
    assert.deepEqual(changesOf(graphOf(), graphOf(read)), {
      resources: [],
      unchangedCount: 0,
      outputs: [],
      stillServed: [],
    });
  });

  it("tell of outputs by name", () => {
    const before = { ...graphOf(), outputs: { kept: [1], url: "wss://a", gone: 1 } };
    const after = { ...graphOf(), outputs: { kept: [1], url: "wss://b", fresh: 1 } };
    assert.deepEqual(changesOf(before, after).outputs, [
      { operation: "update", name: "url" },
      { operation: "create", name: "fresh" },
      { operation: "delete", name: "gone" },
    ]);
  });
});
