import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ask, handshakeStatus } from "../test-stack.ts";
import { deployedApi, invokeArn, type RouteOfGraph, routeResources } from "./integration-graph.ts";
import { type Functions, withServedApi } from "./served-api.ts";
import { frame, functionArn, ping, reasonOf, withRoutes } from "./served-routes.ts";

describe("an AWS integration with a function", () => {
  const aws = { integrationType: "AWS", integrationUri: invokeArn("say") };
  const asIs = { $default: {} };
  const say: RouteOfGraph = { integration: aws, responses: asIs };

  it("calls it with the raw message, and answers what it answers as JSON", () =>
    withRoutes(
      [say],
      async (served, socket) => {
        assert.equal(await ask(socket, '{"action": "say", "a": [1]}'), '{"heard":{"action":"say","a":[1]}}');
        assert.deepEqual(served.calls, [[functionArn("say"), { action: "say", a: [1] }]]);
      },
      { say: (event) => ({ heard: event }) },
    ));

  it("calls it with what its request template says", () => {
    const requestTemplates = {
      $default:
        '{"to": "$context.connectionId", "key": "$context.routeKey", "text": $input.json(\'$.text\')}',
    };
    return withRoutes(
      [{ ...say, integration: { ...aws, templateSelectionExpression: "\\$default", requestTemplates } }],
      async (served, socket) => {
        const { connectionId } = served.events[0] ?? assert.fail("no handshake");
        assert.equal(await ask(socket, '{"action":"say","text":"hi"}'), '"sent"');
        assert.deepEqual(served.calls, [[functionArn("say"), { to: connectionId, key: "say", text: "hi" }]]);
      },
      { say: () => "sent" },
    );
  });

  it("puts the answer through its response template, selected by the message", () => {
    const template = {
      templateSelectionExpression: "${request.body.in}",
      responseTemplates: { short: "$input.path('$.text')", $default: "{\"text\":$input.json('$.text')}" },
    };
    return withRoutes(
      [{ integration: aws, responses: { $default: template } }],
      async (_, socket) => {
        assert.equal(await ask(socket, '{"action":"say","in":"short"}'), "hi");
        assert.equal(await ask(socket, '{"action":"say"}'), '{"text":"hi"}');
      },
      { say: () => ({ text: "hi", more: 1 }) },
    );
  });

  const responses = {
    "/.*Not found.*/": { responseTemplates: { $default: "nobody: $input.path('$.errorMessage')" } },
    $default: { responseTemplates: { $default: "default: $input.body" } },
  };
  const failing: Functions = {
    say: ({ how }) => {
      throw new TypeError(String(how));
    },
  };

  it("chooses the response by the error's message, which its pattern must fit as a whole", () =>
    withRoutes(
      [{ integration: aws, responses }],
      async (_, socket) => {
        const sayHow = (how: string) => ask(socket, JSON.stringify({ action: "say", how }));
        assert.equal(await sayHow("[404] Not found: x"), "nobody: [404] Not found: x");
        assert.equal(await sayHow("other"), 'default: {"errorType":"TypeError","errorMessage":"other"}');
      },
      failing,
    ));

  it("has $default take every answer that is no error, and one that looks like one by its pattern", () =>
    withRoutes(
      [{ integration: aws, responses }],
      async (_, socket) => {
        assert.equal(await ask(socket, '{"action":"say"}'), 'default: {"ok":true}');
        assert.equal(await ask(socket, '{"action":"say","fail":true}'), "nobody: Not found");
      },
      { say: ({ fail }) => (fail ? { errorMessage: "Not found" } : { ok: true }) },
    ));

  it("answers an error frame where no response takes what the function answers", () =>
    withRoutes(
      [{ integration: aws, responses: { "/only this/": {} } }],
      async (served, socket) => {
        assert.match(await ask(socket, '{"action":"say"}'), frame("Internal server error"));
        assert.equal(reasonOf(served), "no integration response takes the error undefined");
      },
      failing,
    ));

  it("answers an error frame where its event would be no JSON", () =>
    withRoutes([{ ...say, routeKey: "$default" }], async (served, socket) => {
      assert.match(await ask(socket, "hello"), frame("Internal server error"));
      assert.equal(reasonOf(served), "the function's event would not be JSON");
      assert.deepEqual(served.calls, []);
    }));

  it("passes a message on without templates only, where it is told so", () => {
    const inputs = { ...aws, passthroughBehavior: "WHEN_NO_TEMPLATES" };
    const templated = { ...inputs, templateSelectionExpression: "a", requestTemplates: { b: "{}" } };
    return withRoutes(
      [
        { ...say, integration: inputs },
        { ...say, routeKey: "templated", integration: templated },
      ],
      async (served, socket) => {
        assert.equal(await ask(socket, '{"action":"say"}'), '"heard"');
        assert.match(await ask(socket, '{"action":"templated"}'), frame("Unsupported Media Type"));
        assert.equal(served.calls.length, 1);
      },
      { say: () => "heard" },
    );
  });

  it("says nothing without a route response, not even of a failure", () =>
    withRoutes(
      [{ ...say, routeKey: "mute", replies: false }, ping],
      async (served, socket) => {
        socket.send('{"action":"mute"}');
        assert.match(await ask(socket, '{"action":"ping"}'), /^\{"pong"/);
        assert.equal(served.calls.length, 1);
      },
      failing,
    ));

  it("on $connect opens the connection where the function does not fail, with an empty event", async () => {
    const api = deployedApi(routeResources({ routeKey: "$connect", integration: aws, replies: false }));
    await withServedApi(
      { api, functions: { [functionArn("say")]: () => ({ statusCode: 403 }) } },
      async (served) => {
        assert.equal(await handshakeStatus(served.url), 101);
        assert.deepEqual(served.calls, [[functionArn("say"), {}]]);
      },
    );
    const failingConnect = {
      [functionArn("say")]: () => {
        throw new Error("no");
      },
    };
    await withServedApi({ api, functions: failingConnect }, async ({ url }) =>
      assert.equal(await handshakeStatus(url), 502),
    );
  });

  it("on $disconnect calls the function with what its template says of the end", async () => {
    const requestTemplates = {
      "application/json": '{"gone":"$context.connectionId","event":"$context.eventType"}',
    };
    const api = deployedApi(
      routeResources({ routeKey: "$disconnect", integration: { ...aws, requestTemplates }, replies: false }),
    );
    await withServedApi({ api }, async (served) => {
      assert.equal(await handshakeStatus(served.url), 101);
      await served.close();
      const gone = served.events[0]?.connectionId;
      assert.deepEqual(served.calls, [[functionArn("say"), { gone, event: "DISCONNECT" }]]);
    });
  });
});
