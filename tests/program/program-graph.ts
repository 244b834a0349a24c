import assert from "node:assert/strict";
import type { AwsAccount, RecordedResource, ResourceGraph } from "../../local/engine/resource-graph.ts";
import { runProgram } from "../../local/engine/run-program.ts";
import { type TestSettings, testStackConfig } from "../test-stack.ts";

const graphs = new Map<string, Promise<ResourceGraph>>();

/** What the program declares with these settings. It runs once for each, and fetches no keys. */
export function programGraph(
  settings: TestSettings = {},
  account: Partial<AwsAccount> = {},
): Promise<ResourceGraph> {
  const key = JSON.stringify([settings, account]);
  const graph = graphs.get(key) ?? runProgram(testStackConfig({ jwks: "runtime", ...settings }), { account });
  graphs.set(key, graph);
  return graph;
}

/** The resource of that type and name, which must be there. */
export function resource(graph: ResourceGraph, type: string, name: string): RecordedResource {
  const found = graph.resources.filter((candidate) => candidate.type === type && candidate.name === name);
  assert.equal(found.length, 1, `${found.length} resources ${type} "${name}"`);
  return found[0] as RecordedResource;
}

/** Every function; each is the file of that name in functions/. */
export const functionNames = ["authorizer", "connect", "default", "disconnect", "sendmessage", "whoami"];
