import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { GraphChanges } from "../../local/graph/graph-changes.ts";
import { isChange, reloadReport } from "../../local/screen/reload-report.ts";
import { resource } from "../resource-graph.ts";
import { withoutColours } from "../without-colours.ts";

const changes: GraphChanges = {
  resources: [
    {
      operation: "update",
      resource: resource("lambda/function:Function", "whoami"),
      properties: ["code", "environment.variables.TOKEN_USE"],
    },
    {
      operation: "replace",
      resource: resource("apigatewayv2/deployment:Deployment", "websocket"),
      properties: ["triggers.definition"],
    },
    {
      operation: "create",
      resource: { ...resource("", "ping"), type: "chat:infra:Route", custom: false },
      properties: [],
    },
    { operation: "delete", resource: resource("iam/role:Role", "pong"), properties: [] },
  ],
  unchangedCount: 50,
  outputs: [{ operation: "update", name: "url" }],
  stillServed: [],
};

describe("the report of a reload", () => {
  withoutColours();

  it("has a line for each change, aligned, and a summary as Pulumi's", () => {
    assert.deepEqual(reloadReport(changes).split("\n"), [
      " ~   lambda.Function          whoami     code, environment.variables.TOKEN_USE",
      " +-  apigatewayv2.Deployment  websocket  triggers.definition",
      " +   Route                    ping",
      " -   iam.Role                 pong",
      " ~   output                   url",
      " + 1 to create, ~ 1 to update, - 1 to delete, +-1 to replace, 50 unchanged",
    ]);
  });

  it("counts resources alone", () => {
    const outputs = [{ operation: "create", name: "url" }] as const;
    assert.equal(
      reloadReport({ resources: [], unchangedCount: 3, outputs, stillServed: [] }),
      " +   output  url\n 3 unchanged",
    );
  });

  it("says what AWS would still serve", () => {
    assert.equal(
      reloadReport({ ...changes, stillServed: ["route ping", "response of pong"] })
        .split("\n")
        .at(-1),
      " on AWS, the stage serves this until one more deployment is made: route ping, response of pong",
    );
  });

  it("is worth printing if a resource or an output changes", () => {
    const none: GraphChanges = { resources: [], unchangedCount: 3, outputs: [], stillServed: [] };
    assert.deepEqual(
      [none, { ...none, outputs: changes.outputs }, { ...none, resources: changes.resources }].map(isChange),
      [false, true, true],
    );
  });
});
