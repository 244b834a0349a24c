import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ask, handshakeStatus } from "../test-stack.ts";
import { deployedApi, type RouteOfGraph, routeResources } from "./integration-graph.ts";
import { withServedApi } from "./served-api.ts";
import { frame, ping, reasonOf, withRoutes } from "./served-routes.ts";

describe("a MOCK integration", () => {
  it("answers what its integration response's template says, and calls nothing", () =>
    withRoutes([ping], async (served, socket) => {
      const { connectionId } = served.events[0] ?? assert.fail("no handshake");
      assert.equal(await ask(socket, '{"action":"ping"}'), `{"pong":"${connectionId}","in":"blue"}`);
      assert.deepEqual(served.calls, []);
    }));

  it("gives the message to its request template, and chooses the response by the status", () => {
    const byStatus: RouteOfGraph = {
      integration: {
        integrationType: "MOCK",
        requestTemplates: { $default: "{\"statusCode\": $input.json('$.code')}" },
      },
      responses: {
        "/2\\d\\d/": { templateSelectionExpression: "ok", responseTemplates: { ok: "fine" } },
        "404": { responseTemplates: { "application/json": "not found" } },
        "/50/": { responseTemplates: { "application/json": "half a pattern fits nothing" } },
        $default: { responseTemplates: { "application/json": "else" } },
      },
    };
    return withRoutes([byStatus], async (_, socket) => {
      const answers = [];
      for (const code of [200, 204, 404, 500, 1200])
        answers.push(await ask(socket, JSON.stringify({ action: "say", code })));
      assert.deepEqual(answers, ["fine", "fine", "not found", "else", "else"]);
    });
  });

  it("selects its request template by the message, then $default", () => {
    const byKind: RouteOfGraph = {
      integration: {
        integrationType: "MOCK",
        templateSelectionExpression: "${request.body.kind}",
        requestTemplates: { a: '{"statusCode":201}', $default: '{"statusCode":202}' },
      },
      responses: {
        "/201/": { responseTemplates: { $default: "a" } },
        "/202/": { responseTemplates: { $default: "default" } },
      },
    };
    return withRoutes([byKind], async (_, socket) => {
      assert.equal(await ask(socket, '{"action":"say","kind":"a"}'), "a");
      assert.equal(await ask(socket, '{"action":"say","kind":"b"}'), "default");
    });
  });

  it("says nothing without a route response, whatever its integration response", () =>
    withRoutes([{ ...ping, replies: false, routeKey: "mute" }, ping], async (served, socket) => {
      socket.send('{"action":"mute"}');
      assert.match(await ask(socket, '{"action":"ping"}'), /^\{"pong"/);
      assert.deepEqual(
        served.events.map((event) => [event.type, "routeKey" in event ? event.routeKey : undefined]),
        [
          ["handshake", undefined],
          ["message", "mute"],
          ["message", "ping"],
          ["answer", "ping"],
        ],
      );
    }));

  it("says nothing where its integration response has no template", () =>
    withRoutes([{ ...ping, routeKey: "mute", responses: { $default: {} } }, ping], async (_, socket) => {
      socket.send('{"action":"mute"}');
      assert.match(await ask(socket, '{"action":"ping"}'), /^\{"pong"/);
    }));

  const failing: readonly [what: string, route: Partial<RouteOfGraph>, message: string, because: string][] = [
    [
      "its request template gives no status",
      { integration: { integrationType: "MOCK", requestTemplates: { $default: '{"status":200}' } } },
      "Internal server error",
      "the mock's request template gives no statusCode",
    ],
    [
      "it has no request template, and the message no status",
      { integration: { integrationType: "MOCK" } },
      "Internal server error",
      "the mock's request template gives no statusCode",
    ],
    [
      "it has no integration response",
      { responses: {} },
      "Internal server error",
      "no integration response takes the status 200",
    ],
    [
      "no integration response fits",
      { responses: { "/4\\d\\d/": {} } },
      "Internal server error",
      "no integration response takes the status 200",
    ],
    [
      "a template fails",
      {
        routeKey: "$default",
        integration: { integrationType: "MOCK", requestTemplates: { $default: "$input.json('$.a')" } },
      },
      "Internal server error",
      "the template reads JSON, and there is none",
    ],
    [
      "nothing may pass without a template",
      { integration: { integrationType: "MOCK", passthroughBehavior: "NEVER" } },
      "Unsupported Media Type",
      "there is no template for it, and it may not pass without",
    ],
  ];
  for (const [what, route, message, because] of failing)
    it(`answers with an error frame, and stays connected, where ${what}`, () =>
      withRoutes([{ ...ping, routeKey: "say", ...route }, ping], async (served, socket) => {
        const text = route.routeKey === "$default" ? "no JSON" : '{"action":"say"}';
        assert.match(await ask(socket, text), frame(message));
        assert.equal(reasonOf(served), because);
        assert.match(await ask(socket, '{"action":"ping"}'), /^\{"pong"/);
      }));

  for (const [statusCode, status] of [
    [200, 101],
    [204, 101],
    [401, 401],
    [503, 503],
  ] as const)
    it(`on $connect ends the handshake with ${status} where its status is ${statusCode}`, async () => {
      const requestTemplates = { "application/json": JSON.stringify({ statusCode }) };
      const connect = { routeKey: "$connect", integration: { integrationType: "MOCK", requestTemplates } };
      await withServedApi(
        { api: deployedApi(routeResources({ ...connect, replies: false })) },
        async ({ url }) => assert.equal(await handshakeStatus(url), status),
      );
    });

  for (const [what, inputs, status] of [
    ["no status", {}, 500],
    ["no template, and may not pass without", { passthroughBehavior: "NEVER" }, 415],
  ] as const)
    it(`on $connect ends the handshake with ${status} where it has ${what}`, async () => {
      const connect = { routeKey: "$connect", integration: { integrationType: "MOCK", ...inputs } };
      await withServedApi(
        { api: deployedApi(routeResources({ ...connect, replies: false })) },
        async ({ url }) => assert.equal(await handshakeStatus(url), status),
      );
    });

  it("on $disconnect does nothing, and the connection ends", async () => {
    const disconnect = { ...ping, routeKey: "$disconnect", replies: false };
    await withServedApi({ api: deployedApi(routeResources(disconnect)) }, async (served) => {
      assert.equal(await handshakeStatus(served.url), 101);
      await served.close();
      assert.deepEqual(
        served.events.map(({ type }) => type),
        ["handshake", "closed"],
      );
    });
  });
});
