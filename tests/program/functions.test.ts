import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { functionNames } from "./declared-routes.ts";
import { programGraph, resource } from "./program-graph.ts";

describe("the program's functions", () => {
  it("run on Node.js 24 and arm64, from one file each, with bounds on memory and time", async () => {
    const graph = await programGraph();
    for (const name of functionNames) {
      const { code, environment, role, loggingConfig, ...inputs } = resource(
        graph,
        "aws:lambda/function:Function",
        name,
      ).inputs;
      assert.deepEqual(inputs, {
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        memorySize: 256,
        timeout: name === "authorizer" ? 5 : 10,
      });
      assert.deepEqual(Object.keys(code.files), ["index.js"]);
      assert.equal(loggingConfig.logFormat, "Text");
    }
  });

  it("have no variables but the authorizer's and those of $default", async () => {
    const graph = await programGraph();
    const configured = functionNames.filter(
      (name) => "environment" in resource(graph, "aws:lambda/function:Function", name).inputs,
    );
    assert.deepEqual(configured, ["authorizer", "default"]);
  });

  it("log to groups that keep lines as configured", async () => {
    const graph = await programGraph({ logRetentionDays: "7" });
    for (const name of functionNames)
      assert.deepEqual(resource(graph, "aws:cloudwatch/logGroup:LogGroup", name).inputs, {
        retentionInDays: 7,
      });
  });

  it("wait for the right to write their logs", async () => {
    const graph = await programGraph();
    for (const name of functionNames) {
      const { dependencies } = resource(graph, "aws:lambda/function:Function", name);
      assert.ok(dependencies.includes(resource(graph, "aws:iam/rolePolicy:RolePolicy", name).urn));
    }
  });
});
