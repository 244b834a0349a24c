import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { dependencyClosure, resourcesOfType } from "../../local/engine/resource-graph.ts";
import type { Alter } from "../../local/engine/resource-recorder.ts";
import { runProgram } from "../../local/engine/run-program.ts";
import { type TestSettings, testStackConfig } from "../test-stack.ts";
import { functionNames, programGraph, resource } from "./program-graph.ts";

async function triggersOf(settings: TestSettings, alter?: Alter): Promise<Record<string, string>> {
  const graph = alter
    ? await runProgram(testStackConfig({ jwks: "runtime", ...settings }), { alter })
    : await programGraph(settings);
  return resource(graph, "aws:apigatewayv2/deployment:Deployment", "websocket").inputs.triggers;
}

/** The program with another function behind one integration or authorizer. */
function renaming(name: string): Alter {
  return (requested) =>
    requested.type === "aws:lambda/function:Function" && requested.name === name
      ? { ...requested, inputs: { ...requested.inputs, name: "another" } }
      : requested;
}

describe("the program's deployment", () => {
  it("waits for every route, route response, integration, permission and the authorizer", async () => {
    const graph = await programGraph();
    const { urn } = resource(graph, "aws:apigatewayv2/deployment:Deployment", "websocket");
    const before = dependencyClosure(graph, urn);
    const snapshot = [
      "route:Route",
      "routeResponse:RouteResponse",
      "integration:Integration",
      "authorizer:Authorizer",
    ]
      .map((type) => `aws:apigatewayv2/${type}`)
      .concat("aws:lambda/permission:Permission")
      .flatMap((type) => resourcesOfType(graph, type));
    assert.equal(snapshot.length, 5 + 3 + 5 + 1 + 6);
    assert.deepEqual(
      snapshot.filter((part) => !before.has(part.urn)).map((part) => part.urn),
      [],
    );
  });

  it("has one trigger, a hash", async () => {
    const triggers = await triggersOf({});
    assert.deepEqual(Object.keys(triggers), ["definition"]);
    assert.match(triggers.definition ?? "", /^[0-9a-f]{64}$/);
  });

  it("is renewed when the authorizer's identity sources change", async () => {
    const hashes = [
      await triggersOf({}),
      await triggersOf({ tokenSources: '["header"]' }),
      await triggersOf({ tokenSources: '["query"]' }),
    ].map(({ definition }) => definition);
    assert.equal(new Set(hashes).size, 3);
  });

  for (const name of functionNames)
    it(`is renewed when the function ${name} is replaced`, async () => {
      assert.notDeepEqual(await triggersOf({}, renaming(name)), await triggersOf({}));
    });

  it("stays when retention, throttles, required groups or the stage's name change", async () => {
    const triggers = await triggersOf({});
    assert.deepEqual(await triggersOf({ logRetentionDays: "7" }), triggers);
    assert.deepEqual(await triggersOf({ throttlingRateLimit: "7", throttlingBurstLimit: "9" }), triggers);
    assert.deepEqual(await triggersOf({ requiredGroups: '["admins"]' }), triggers);
    assert.deepEqual(await triggersOf({ stageName: "live" }), triggers);
  });

  it("stays when the functions' code changes", async () => {
    const otherCode: Alter = (requested) =>
      requested.type === "aws:lambda/function:Function"
        ? { ...requested, inputs: { ...requested.inputs, code: { files: { "index.js": "other" } } } }
        : requested;
    assert.deepEqual(await triggersOf({}, otherCode), await triggersOf({}));
  });
});
