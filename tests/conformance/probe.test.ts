import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { before, describe, it } from "mocha";
import { probeApis } from "../../conformance/variables.ts";
import { type ResourceGraph, resourcesOfType } from "../../local/graph/resource-graph.ts";
import { readStackConfig } from "../../local/program/stack-config.ts";
import { runUnderHost } from "../host/run-under-host.ts";
import { runWithMocks } from "../mocks/run-with-mocks.ts";

const folder = fileURLToPath(new URL("../../conformance/probe", import.meta.url));
const stackConfig = readStackConfig(folder, "test");

function identities(resources: readonly { readonly type: string; readonly name: string }[]): string[] {
  return resources.map(({ type, name }) => `${type} ${name}`).sort();
}

describe("the probe", () => {
  let graph: ResourceGraph;
  before(async () => {
    graph = await runWithMocks(stackConfig);
  });

  it("has an API for each of its URLs, with a stage of the same name", () => {
    const stages = resourcesOfType(graph, "aws:apigatewayv2/stage:Stage");
    assert.deepEqual(stages.map(({ outputs }) => outputs.name).sort(), [...probeApis].sort());
    assert.deepEqual(
      graph.outputs.urls,
      Object.fromEntries(probeApis.map((api) => [api, urlOf(stages, api)])),
    );
  });

  it("lacks two permissions on purpose, and nothing else that AWS would miss", () => {
    assert.deepEqual(graph.warnings.map((warning) => warning.split(": ")[0]).sort(), [
      'aws:apigatewayv2/authorizer:Authorizer "locked"',
      'aws:apigatewayv2/route:Route "faults-forbidden"',
    ]);
  });

  it("may write its log and push to its own connections, and do nothing else", () => {
    const policies = resourcesOfType(graph, "aws:iam/rolePolicy:RolePolicy").map(({ inputs }) =>
      JSON.parse(inputs.policy).Statement.map(({ Action }: { Action: string[] }) => Action),
    );
    assert.deepEqual(policies.flat(2).sort(), [
      "execute-api:ManageConnections",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]);
  });

  it("runs under Pulumi's Node.js runner, and registers the same", async () => {
    const { exitCode, logs, stderr, resources, outputs } = await runUnderHost(stackConfig);
    assert.deepEqual({ exitCode, logs, stderr }, { exitCode: 0, logs: [], stderr: "" });
    assert.deepEqual(identities(resources), identities(graph.resources));
    assert.deepEqual(outputs, graph.outputs);
  });
});

function urlOf(stages: ResourceGraph["resources"], api: string): string {
  return stages.find(({ name }) => name === api)?.outputs.invokeUrl;
}
