import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { ResourceGraph } from "../../local/graph/resource-graph.ts";
import { deletesBeforeReplace } from "../../local/resources/replacement.ts";
import { deletesFirst, runWithMocks } from "../mocks/run-with-mocks.ts";
import { editedGraph, replacing } from "../program/checkout.ts";
import { domain, fullest, programGraph } from "../program/program-graph.ts";
import { testStackConfig } from "../test-stack.ts";
import { type ModelStack, modelUpdate } from "./engine-model.ts";
import { losses } from "./served.ts";

const api = "aws:apigatewayv2/api:Api";

/** What clients lose in an update, and at which step. */
function lostIn(before: ModelStack, update: ModelStack): string[] {
  const [first, last] = [before.steps.at(-1)?.served, update.steps.at(-1)?.served];
  assert.ok(first && last);
  return update.steps.flatMap(({ step, served }) =>
    losses(first, served, last).map((loss) => `${loss} after ${step}`),
  );
}

function routeKeys({ steps }: ModelStack): string[] {
  return Object.values(steps.at(-1)?.served.stages ?? {}).flatMap((routes) => Object.keys(routes));
}

/** The order in which these steps were taken. */
function orderOf({ steps }: ModelStack, ...wanted: readonly string[]): string[] {
  return steps.map(({ step }) => step).filter((step) => wanted.includes(step));
}

describe("an update, on a model of Pulumi's engine and its AWS provider", () => {
  it("deletes nothing before its successor is there, but what AWS takes only once", async () => {
    const { resources } = await programGraph(fullest);
    const first = resources
      .filter(({ custom, read }) => custom && !read)
      .filter((one) => deletesFirst(one) ?? deletesBeforeReplace(one.type, one.inputs, false))
      .map(({ type, name }) => `${type} ${name}`);
    assert.deepEqual(first.sort(), [
      "aws:apigatewayv2/apiMapping:ApiMapping domain",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment api-gateway-logs",
    ]);
  });

  it("replaces the API, and keeps its domain", async () => {
    const program = await programGraph(domain);
    const before = modelUpdate(undefined, program);
    const update = modelUpdate(before, program, [api]);
    assert.deepEqual(
      orderOf(update, "create Stage websocket", "delete Stage websocket", "delete Api websocket"),
      ["create Stage websocket", "delete Stage websocket", "delete Api websocket"],
    );
    assert.deepEqual(lostIn(before, update), ["domain chat.example.com after delete ApiMapping domain"]);
    assert.equal(
      update.steps.some(({ step }) => / DomainName /.test(step)),
      false,
    );
  });

  it("gives the stage a new name: the new stage first, then the mapping, then the old stage", async () => {
    const before = modelUpdate(undefined, await programGraph(domain));
    const update = modelUpdate(before, await programGraph({ ...domain, stageName: "live" }));
    assert.deepEqual(
      orderOf(update, "create Stage websocket", "update ApiMapping domain", "delete Stage websocket"),
      ["create Stage websocket", "update ApiMapping domain", "delete Stage websocket"],
    );
    assert.deepEqual(lostIn(before, update), []);
  });

  it("gives the domain a new name: the mapping of the old name goes last, before its domain", async () => {
    const former = await programGraph(domain);
    const before = modelUpdate(undefined, former);
    const stackConfig = testStackConfig({ jwks: "runtime", ...domain, domainName: "talk.example.com" });
    const program = await runWithMocks(stackConfig, { former });
    const update = modelUpdate(before, program);
    const steps = ["create ApiMapping domain", "delete ApiMapping domain", "delete DomainName domain"];
    assert.deepEqual(orderOf(update, ...steps), steps);
  });

  it("serves a route that left until the next update, and not after it", async () => {
    const removal = { "index.ts": replacing('  new Route("whoami", { ...common, replies: true }),\n', "") };
    const former = await editedGraph({});
    const before = modelUpdate(undefined, former);
    const present = await editedGraph(removal, { former });
    const update = modelUpdate(before, present);
    assert.ok(routeKeys(update).includes("whoami"));
    const next = modelUpdate(update, await editedGraph(removal, { former: update.graph }));
    assert.deepEqual(routeKeys(next).sort(), ["$connect", "$default", "$disconnect", "sendmessage"]);
    assert.deepEqual(lostIn(update, next), []);
    const last = modelUpdate(next, await editedGraph(removal, { former: next.graph }));
    assert.deepEqual(last.steps, []);
  });
});

describe("destroying a stack whose push policy another stack has attached", () => {
  it("is refused before anything is deleted", async () => {
    const graph: ResourceGraph = await programGraph(fullest);
    const policy = graph.resources.find(({ type }) => type === "aws:iam/policy:Policy");
    assert.ok(policy);
    const custom = graph.resources.filter((one) => one.custom && !one.read && one !== policy);
    const needed = new Set<string>();
    const visit = (urn: string) => {
      if (needed.has(urn)) return;
      needed.add(urn);
      const one = graph.resources.find((resource) => resource.urn === urn);
      for (const dependency of one?.dependencies ?? []) visit(dependency);
    };
    visit(policy.urn);
    assert.deepEqual(
      custom.filter(({ urn }) => !needed.has(urn)).map(({ type, name }) => `${type} ${name}`),
      [],
    );
  });
});
