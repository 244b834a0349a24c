import assert from "node:assert/strict";
import { connect } from "../client.ts";
import { fact } from "../conformance-case.ts";
import { connectionIdOf, readErrorFrame, refusedMessage } from "../error-frame.ts";
import type { Target } from "../target.ts";
import { type Claims, claimsOf } from "../token-claims.ts";

const whoami = '{"action":"whoami"}';

/** What each member of the answer of `whoami` is made of. */
const identity: Readonly<Record<string, (claims: Claims) => unknown>> = {
  action: () => "whoami",
  sub: ({ sub }) => sub,
  username: ({ username }) => username,
  clientId: ({ client_id }) => client_id,
  tokenUse: ({ token_use }) => token_use,
  scope: ({ scope }) => scope,
  groups: (claims) => claims["cognito:groups"] ?? [],
  expiresAt: ({ exp }) => new Date(Number(exp) * 1000).toISOString(),
};

/** Texts that come back as they were sent. */
const texts: Readonly<Record<string, string>> = {
  "plain text": "hello",
  "an empty text": "",
  "letters beyond ASCII": "Grüße, 世界, 🎉",
  "quotes and backslashes": '"\\" \\n "',
  "line breaks": "one\ntwo\r\nthree",
  "a text that looks like JSON": '{"action":"whoami"}',
  "10,000 letters": "x".repeat(10_000),
};

/** Messages that no route is named for. */
const unrouted: Readonly<Record<string, string>> = {
  "an unknown action": '{"action":"dance"}',
  "no action": "{}",
  "an empty action": '{"action":""}',
  "the action null": '{"action":null}',
  "a number as action": '{"action":1}',
  "an object as action": '{"action":{"name":"whoami"}}',
  "the action in another letter case": '{"action":"WHOAMI"}',
  "white space around the action": '{"action":" whoami "}',
  "the action one level down": '{"request":{"action":"whoami"}}',
  "the action under another letter case": '{"Action":"whoami"}',
  "the action $connect": '{"action":"$connect"}',
  "the action $disconnect": '{"action":"$disconnect"}',
  "the action $default": '{"action":"$default"}',
  "the action constructor": '{"action":"constructor"}',
  "the action __proto__": '{"action":"__proto__"}',
  "text that is not JSON": "whoami",
  "JSON that is cut short": '{"action":"whoami"',
  "JSON with more behind it": '{"action":"whoami"}}',
  "a JSON text": '"whoami"',
  "a JSON number": "1",
  "a JSON list": '["whoami"]',
  "the JSON word null": "null",
  "the JSON word true": "true",
};

/** Messages that the model of `sendmessage` does not allow. */
const unmodelled: Readonly<Record<string, string>> = {
  "without the required member": refusedMessage,
  "with a number for a text": '{"action":"sendmessage","message":1}',
  "with null for a text": '{"action":"sendmessage","message":null}',
  "with a list for a text": '{"action":"sendmessage","message":["hello"]}',
  "with an object for a text": '{"action":"sendmessage","message":{"text":"hello"}}',
};

async function fallbackAnswer(target: Target): Promise<string> {
  using client = await connect(target);
  return await client.ask('{"action":"no such action"}');
}

export const messageCases = [
  ...Object.entries(identity).map(([member, expected]) =>
    fact(`whoami answers with the verified ${member}`, "this project", async (target) => {
      using client = await connect(target);
      const answer = await client.askJson({ action: "whoami" });
      assert.deepEqual(answer[member], expected(claimsOf(target.token)));
    }),
  ),
  fact("whoami answers with the id of its connection", "this project", async (target) => {
    using client = await connect(target);
    const { connectionId } = await client.askJson({ action: "whoami" });
    assert.equal(connectionId, await connectionIdOf(client));
  }),
  fact("whoami answers with these members and no others", "this project", async (target) => {
    using client = await connect(target);
    const members = [...Object.keys(identity), "connectionId"];
    assert.deepEqual(Object.keys(await client.askJson({ action: "whoami" })), members);
  }),
  fact("the identity is the same by whichever way the token came", "documented", async (target) => {
    using one = await connect(target);
    using other = await connect(target, {
      token: undefined,
      protocols: ["app.v1", `bearer.${target.token}`],
    });
    const [seen, alsoSeen] = [
      await one.askJson({ action: "whoami" }),
      await other.askJson({ action: "whoami" }),
    ];
    assert.deepEqual(alsoSeen, { ...seen, connectionId: await connectionIdOf(other) });
  }),
  ...Object.entries(texts).map(([what, message]) =>
    fact(`sendmessage gives its sender back ${what}`, "this project", async (target) => {
      using client = await connect(target);
      const { username: from } = claimsOf(target.token);
      const answer = await client.askJson({ action: "sendmessage", message });
      assert.deepEqual(answer, { action: "sendmessage", from, message });
    }),
  ),
  fact("white space around a message's JSON changes nothing", "documented", async (target) => {
    using client = await connect(target);
    assert.equal(await client.ask(' \n{ "action" : "whoami" }\t'), await client.ask(whoami));
  }),
  fact("members that a model does not name are allowed", "documented", async (target) => {
    using client = await connect(target);
    assert.equal(await client.ask('{"more":1,"action":"whoami"}'), await client.ask(whoami));
  }),
  fact("$default names the actions that exist", "this project", async (target) => {
    const { error, actions } = JSON.parse(await fallbackAnswer(target));
    assert.equal(error, "unknown action");
    for (const action of ["sendmessage", "whoami"]) assert.ok(actions.includes(action), action);
  }),
  ...Object.entries(unrouted).map(([what, message]) =>
    fact(`a message with ${what} goes to $default`, "documented", async (target) => {
      using client = await connect(target);
      assert.equal(await client.ask(message), await fallbackAnswer(target));
    }),
  ),
  ...Object.entries(unmodelled).map(([what, message]) =>
    fact(`a message ${what} is answered with Bad request body`, "documented", async (target) => {
      using client = await connect(target);
      assert.equal(readErrorFrame(await client.ask(message)).message, "Bad request body");
    }),
  ),
  fact("an error frame has its spaces where API Gateway puts them", "observed", async (target) => {
    using client = await connect(target);
    const text = await client.ask(refusedMessage);
    const { connectionId, requestId } = readErrorFrame(text);
    assert.equal(
      text,
      `{"message": "Bad request body", "connectionId":"${connectionId}", "requestId":"${requestId}"}`,
    );
  }),
  fact(
    "a connection id is 15 characters of URL-safe base64 and an equals sign",
    "observed",
    async (target) => {
      using client = await connect(target);
      assert.match(readErrorFrame(await client.ask(refusedMessage)).connectionId, /^[\w-]{15}=$/);
    },
  ),
  fact("a request id is 15 characters of URL-safe base64 and an equals sign", "observed", async (target) => {
    using client = await connect(target);
    assert.match(readErrorFrame(await client.ask(refusedMessage)).requestId, /^[\w-]{15}=$/);
  }),
  fact(
    "a connection keeps its id, and each message has a request id of its own",
    "observed",
    async (target) => {
      using client = await connect(target);
      const first = readErrorFrame(await client.ask(refusedMessage));
      const second = readErrorFrame(await client.ask(refusedMessage));
      assert.equal(first.connectionId, second.connectionId);
      assert.notEqual(first.requestId, second.requestId);
    },
  ),
  fact("two connections have two ids", "observed", async (target) => {
    using one = await connect(target);
    using other = await connect(target);
    const ids = await Promise.all(
      [one, other].map(async (client) => readErrorFrame(await client.ask(refusedMessage)).connectionId),
    );
    assert.notEqual(ids[0], ids[1]);
  }),
  ...Object.entries({
    "a message that a model refuses": refusedMessage,
    "a message that is not JSON": "hello",
    "a message of no action": "{}",
  }).map(([what, message]) =>
    fact(`a connection stays open after ${what}`, "observed", async (target) => {
      using client = await connect(target);
      await client.ask(message);
      assert.equal((await client.askJson({ action: "whoami" })).action, "whoami");
    }),
  ),
  fact("what one connection sends, no other hears", "this project", async (target) => {
    using sender = await connect(target);
    using other = await connect(target);
    await sender.askJson({ action: "sendmessage", message: "for the sender" });
    assert.equal((await other.askJson({ action: "whoami" })).action, "whoami");
  }),
  fact("messages of one connection are answered in their order", "unconfirmed", async (target) => {
    using client = await connect(target);
    const numbers = Array.from({ length: 10 }, (_, i) => String(i));
    for (const message of numbers) client.socket.send(JSON.stringify({ action: "sendmessage", message }));
    const heard = [];
    for (const _ of numbers) heard.push(JSON.parse(await client.next()).message);
    assert.deepEqual(heard, numbers);
  }),
];
