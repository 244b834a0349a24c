import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import type { WebSocket } from "ws";
import { Callers } from "../../local/account/callers.ts";
import { Gateway } from "../../local/gateway/gateway.ts";
import type { GatewayEvent } from "../../local/gateway/gateway-event.ts";
import { Message } from "../../local/gateway/message.ts";
import { type MessageCheck, messageCheck } from "../../local/gateway/message-models.ts";
import type { Properties } from "../../local/graph/resource-graph.ts";
import { graphOf, resource } from "../resource-graph.ts";
import { ask, open } from "../test-stack.ts";
import { api } from "./api-fixture.ts";

const schema = JSON.stringify({
  $schema: "http://json-schema.org/draft-04/schema#",
  type: "object",
  properties: { action: { enum: ["join"] }, age: { type: "number", minimum: 18, exclusiveMinimum: true } },
  required: ["action", "age"],
});
const joins = { modelSelectionExpression: "$request.body.action", requestModels: { join: "JoinMessage" } };

function model(inputs: Properties = {}) {
  return resource("apigatewayv2/model:Model", "join", {
    inputs: { apiId: api.apiId, name: "JoinMessage", contentType: "application/json", schema, ...inputs },
  });
}

/** The check of a route with these inputs beside the models. */
function checkOf(inputs: Properties, ...models: ReturnType<typeof model>[]) {
  const route = resource("apigatewayv2/route:Route", "join", { inputs: { apiId: api.apiId, ...inputs } });
  return messageCheck(graphOf(...models, route), route);
}

/** Those of the bodies that the check allows. */
function allowed(allows: MessageCheck, bodies: readonly string[]): string[] {
  return bodies.filter((body) => allows(new Message(body)));
}

const good = '{"action":"join","age":19}';
const more = '{"action":"join","age":18.5,"name":"alice"}';
const bad = [
  '{"action":"join"}',
  '{"action":"join","age":"19"}',
  '{"action":"join","age":18}',
  '{"action":"join","age":null}',
];
const notJson = ["", "hello", '{"action":"join","age":19', "{'action':'join'}"];
const otherwise = ['{"action":"leave"}', '["join"]', '"join"', "null", "{}"];

describe("the check of a route's messages", () => {
  it("allows what the selected model's schema allows, by the rules of draft 4, and nothing else", () => {
    assert.deepEqual(allowed(checkOf(joins, model()), [good, more, ...bad]), [good, more]);
  });

  it("refuses messages for which there is no model", () => {
    assert.deepEqual(allowed(checkOf(joins, model()), [good, ...otherwise, ...notJson]), [good]);
  });

  it("asks the model $default for those, and for what is no JSON", () => {
    const models = [model(), model({ name: "AnyMessage", schema: '{"required":["kind"],"type":"object"}' })];
    const allows = checkOf(
      { ...joins, requestModels: { ...joins.requestModels, $default: "AnyMessage" } },
      ...models,
    );
    const kind = '{"action":"leave","kind":1}';
    assert.deepEqual(allowed(allows, [good, ...bad, kind, ...otherwise, ...notJson]), [good, kind]);
  });

  it("selects by any member of the message", () => {
    const byKind = { modelSelectionExpression: "${request.body.type.name}-v1" };
    const allows = checkOf({ ...byKind, requestModels: { "join-v1": "JoinMessage" } }, model());
    const ofType = (name: string) => JSON.stringify({ type: { name } });
    const joining = JSON.stringify({ type: { name: "join" }, action: "join", age: 19 });
    assert.deepEqual(allowed(allows, [joining, ofType("join"), ofType("leave")]), [joining]);
  });

  it("allows everything where the route has no models, or nothing selects one", () => {
    const bodies = [good, ...bad, ...otherwise, ...notJson];
    for (const inputs of [
      {},
      { requestModels: joins.requestModels },
      { modelSelectionExpression: joins.modelSelectionExpression },
    ])
      assert.deepEqual(allowed(checkOf(inputs, model()), bodies), bodies);
  });

  it("needs the model that the route names, of the same API", () => {
    const message = "a route names the model JoinMessage, which the program does not declare";
    for (const models of [[], [model({ name: "other" })], [model({ apiId: "other" })]])
      assert.throws(() => checkOf(joins, ...models), { message });
  });

  for (const [what, text, reason] of [
    ["no JSON", "{", "Expected property name or '}' in JSON at position 1 (line 1 column 2)"],
    ["no schema", '{"$ref":"#/definitions/age"}', "can't resolve reference #/definitions/age from id #"],
  ] as const)
    it(`names the model whose schema is ${what}`, () => {
      assert.throws(() => checkOf(joins, model({ schema: text })), {
        message: `model "join": its schema cannot be used: ${reason}`,
      });
    });
});

describe("a message that the route's model does not allow", () => {
  const functionArn = "arn:aws:lambda:us-east-1:123456789012:function:join";
  const calls: unknown[] = [];
  const events: GatewayEvent[] = [];
  let gateway: Gateway;
  let socket: WebSocket;

  before(async () => {
    const route = {
      routeKey: "join",
      authorizer: undefined,
      integration: {
        type: "AWS_PROXY",
        target: { functionArn, sourceArn: `${api.stageArn}/join` },
        timeoutMs: 1000,
      },
      admits: () => true,
      allows: checkOf(joins, model()),
      replies: true,
    } as const;
    gateway = new Gateway({
      apis: [{ ...api, routes: new Map([["join", route]]) }],
      callers: new Callers(graphOf()),
      region: "us-east-1",
      caller: {
        permits: () => true,
        async invoke(_, event) {
          calls.push((event as { body: string }).body);
          return { ok: true, payload: { statusCode: 200, body: "joined" }, durationMs: 1 };
        },
      },
      observe: (event) => events.push(event),
    });
    socket = await open(`ws://127.0.0.1:${await gateway.listen(0)}/${api.stageName}`);
  });
  after(() => gateway.close());

  it("is answered with an error frame, never reaches the function, and leaves the connection open", async () => {
    for (const body of bad) {
      const frame = await ask(socket, body);
      const { connectionId, requestId } = JSON.parse(frame);
      assert.equal(
        frame,
        `{"message": "Bad request body", "connectionId":"${connectionId}", "requestId":"${requestId}"}`,
      );
      assert.equal(connectionId, events[0]?.connectionId);
      assert.match(requestId, /^[\w-]{15}=$/);
    }
    assert.deepEqual(calls, []);
    assert.equal(await ask(socket, good), "joined");
    assert.deepEqual(calls, [good]);
  });

  it("is seen by whoever watches, with the reason", async () => {
    const seen = events.length;
    const body = bad[0] ?? "";
    const frame = await ask(socket, body);
    const common = { connectionId: events[0]?.connectionId, routeKey: "join" };
    const because = "the route's model does not allow this message";
    assert.deepEqual(
      events.slice(seen).map((event) => ("latencyMs" in event ? { ...event, latencyMs: 0 } : event)),
      [
        { type: "message", ...common, bytes: body.length, text: body },
        { type: "answer", ...common, bytes: frame.length, text: frame, because, latencyMs: 0 },
      ],
    );
  });
});
