import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "mocha";
import { diagramFile, drawDiagram } from "../../local/commands/drawn-diagram.ts";
import { pictureOf } from "../../local/diagram/picture.ts";
import { svgOf } from "../../local/diagram/svg.ts";
import type { RecordedResource, ResourceGraph } from "../../local/graph/resource-graph.ts";
import { runWithMocks } from "../mocks/run-with-mocks.ts";
import { testStackConfig } from "../test-stack.ts";

const settings = { jwks: "runtime", domainName: "chat.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };

describe("the architecture picture", () => {
  let graph: ResourceGraph;

  before(async () => {
    graph = await runWithMocks(testStackConfig(settings));
  });

  it("is the one in docs/: else draw it again with `npm run diagram`", async () => {
    assert.equal(readFileSync(diagramFile, "utf8"), await drawDiagram());
  });

  it("stands for every resource of the program, each in one place", () => {
    const { apis, surroundings } = pictureOf(graph);
    const shapes = [
      ...apis.flatMap(({ stage, calls }) => [
        stage,
        ...calls.flatMap(({ caller, callee }) => [caller, callee]),
      ]),
      ...surroundings,
    ];
    const urns = shapes.flatMap((shape) => shape?.resources.map(({ urn }) => urn) ?? []);
    const all = graph.resources.filter(({ custom }) => custom).map(({ urn }) => urn);
    assert.deepEqual(urns.toSorted(), all.toSorted());
    assert.equal(
      surroundings.some(({ label }) => label === "also"),
      false,
    );
  });

  it("tells what calls which function, and what comes back", () => {
    const [{ stage, calls } = assert.fail("no API"), ...others] = pictureOf(graph).apis;
    assert.deepEqual(others, []);
    assert.deepEqual([stage.label, stage.detail], ["API Gateway, stage prod", "wss://chat.example.com"]);
    assert.deepEqual(
      calls.map(({ caller, callee, answers, source }) => [
        caller.label,
        caller.detail,
        callee?.label,
        answers,
        source,
      ]),
      [
        [
          "authorizer cognito",
          "asked for every new connection",
          "function authorizer",
          false,
          "user pool: keys read at run time",
        ],
        ["$connect", "authorized · 50/s", "function connect", false, undefined],
        ["$disconnect", "100/s", "function disconnect", false, undefined],
        ["sendmessage", "checked · answers · 100/s", "function sendmessage", true, undefined],
        ["whoami", "checked · answers · 100/s", "function whoami", true, undefined],
        ["$default", "answers · 100/s", "function default", true, undefined],
      ],
    );
  });

  it("says without which header the authorizer is not asked", async () => {
    const header = await runWithMocks(testStackConfig({ jwks: "runtime", tokenSources: '["header"]' }));
    const [authorizer] = pictureOf(header).apis[0]?.calls ?? [];
    assert.equal(authorizer?.caller.detail, "asked if there is Authorization");
  });

  it("puts what it knows no place for under `also`", () => {
    const [first = assert.fail()] = graph.resources;
    const queue: RecordedResource = {
      ...first,
      urn: "q",
      type: "aws:sqs/queue:Queue",
      name: "work",
      custom: true,
    };
    const also = pictureOf({ ...graph, resources: [...graph.resources, queue] }).surroundings.at(-1);
    assert.deepEqual([also?.label, also?.detail, also?.resources], ["also", "work", [queue]]);
  });

  it("draws names as text, whatever is in them", () => {
    const shape = { label: '<b>&"', detail: "", resources: [] };
    const svg = svgOf({ apis: [], surroundings: [shape] }, "<title>");
    assert.match(svg, /<text class="label" [^>]*>&#60;b&#62;&#38;&#34;<\/text>/);
    assert.match(svg, /aria-label="&#60;title&#62;"/);
  });
});
