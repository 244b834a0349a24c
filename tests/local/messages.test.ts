import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "mocha";
import type { WebSocket } from "ws";
import { signToken } from "../../local/user-pool/sign-token.ts";
import { unknownAction } from "../program/declared-routes.ts";
import { ask, bearer, open, startTestStack, type TestStack, withTestStack } from "../test-stack.ts";
import { accessClaims, accessToken, clientId, signingKeys } from "../token-factory.ts";
import { withCode } from "./alterations.ts";

const whoami = '{"action":"whoami"}';

function sendmessage(message: string): string {
  return JSON.stringify({ action: "sendmessage", message });
}

/** The next messages of a connection, as many as asked for. */
function collect(socket: WebSocket, count: number): Promise<string[]> {
  const messages: string[] = [];
  return new Promise((resolve) => {
    socket.on("message", (data) => {
      messages.push(data.toString());
      if (messages.length === count) resolve(messages);
    });
  });
}

async function closeOf(socket: WebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = await once(socket, "close");
  return { code, reason: reason.toString() };
}

describe("a message", () => {
  let stack: TestStack;
  let alice: WebSocket;
  let bob: WebSocket;
  before(async () => {
    stack = await startTestStack();
    alice = await open(stack.url, bearer(accessToken()));
    bob = await open(stack.url, bearer(accessToken({ username: "bob" })));
  });
  after(() => stack.close());

  it("to whoami is answered with the verified identity and its connection's id", async () => {
    const claims = accessClaims({ "cognito:groups": ["admins", "users"] });
    const seen = stack.events.length;
    const socket = await open(stack.url, bearer(signToken(claims, signingKeys.access)));
    const { connectionId } = await stack.untilEvent(
      "handshake",
      (event) => stack.events.indexOf(event) >= seen,
    );
    assert.deepEqual(JSON.parse(await ask(socket, whoami)), {
      action: "whoami",
      sub: claims.sub,
      username: "alice",
      clientId,
      tokenUse: "access",
      scope: "aws.cognito.signin.user.admin",
      groups: ["admins", "users"],
      expiresAt: new Date(Number(claims.exp) * 1000).toISOString(),
      connectionId,
    });
    socket.terminate();
  });

  it("to sendmessage is answered to its sender and nobody else", async () => {
    const [heardByAlice, heardByBob] = [collect(alice, 1), collect(bob, 1)];
    alice.send(sendmessage("hello"));
    assert.deepEqual(await heardByAlice, ['{"action":"sendmessage","from":"alice","message":"hello"}']);
    bob.send(sendmessage("goodbye"));
    assert.deepEqual(await heardByBob, ['{"action":"sendmessage","from":"bob","message":"goodbye"}']);
  });

  for (const [what, body] of [
    ["of an unknown action", '{"action":"dance"}'],
    ["without an action", "{}"],
    ["of an action that is no route to choose", '{"action":"$connect"}'],
    ["that is not JSON", "hello"],
    ["that is empty", ""],
  ] as const)
    it(`${what} gets the answer of $default`, async () =>
      assert.equal(await ask(alice, body), unknownAction));

  it("is seen by whoever watches, with its route and its size", async () => {
    const first = stack.events.length;
    await ask(alice, '{"action":"dance","é":1}');
    const [connectionId] = stack.events.slice(first).map((event) => event.connectionId);
    const seen = stack.events
      .slice(first)
      .map((event) => ("latencyMs" in event ? { ...event, latencyMs: 0 } : event));
    assert.deepEqual(seen, [
      { type: "message", connectionId, routeKey: "$default", bytes: 25, text: '{"action":"dance","é":1}' },
      {
        type: "answer",
        connectionId,
        routeKey: "$default",
        bytes: Buffer.byteLength(unknownAction),
        text: unknownAction,
        because: undefined,
        latencyMs: 0,
      },
    ]);
  });

  it("keeps its place among fifty of two connections at once", async () => {
    const numbers = Array.from({ length: 50 }, (_, i) => i);
    const heard = [collect(alice, 50), collect(bob, 50)];
    for (const number of numbers) {
      alice.send(sendmessage(`a${number}`));
      bob.send(sendmessage(`b${number}`));
    }
    const [toAlice, toBob] = await Promise.all(heard);
    const answers = (from: string, letter: string) =>
      numbers.map((number) => JSON.stringify({ action: "sendmessage", from, message: `${letter}${number}` }));
    assert.deepEqual(toAlice, answers("alice", "a"));
    assert.deepEqual(toBob, answers("bob", "b"));
  });

  it("of several frames is one", async () => {
    const heard = collect(alice, 1);
    for (const [part, fin] of [
      ['{"action":"send', false],
      ['message","mess', false],
      ['age":"hi"}', true],
    ] as const)
      alice.send(part, { fin });
    assert.deepEqual(await heard, ['{"action":"sendmessage","from":"alice","message":"hi"}']);
  });

  it("may have 128 KB in frames of 32 KB, and not a byte more", async () => {
    const socket = await open(stack.url, { ...bearer(accessToken()) });
    const body = sendmessage("").padEnd(128 * 1024, " ");
    const sendInFrames = (text: string) => {
      for (let start = 0; start < text.length; start += 32 * 1024)
        socket.send(text.slice(start, start + 32 * 1024), {
          fin: start + 32 * 1024 >= text.length,
          compress: false,
        });
    };
    const heard = collect(socket, 1);
    sendInFrames(body);
    assert.deepEqual(await heard, ['{"action":"sendmessage","from":"alice","message":""}']);
    const closed = closeOf(socket);
    sendInFrames(`${body} `);
    assert.deepEqual(await closed, { code: 1009, reason: "" });
  });

  it("may have 32 KB in one frame", async () => {
    const answer = once(alice, "message");
    alice.send(sendmessage("").padEnd(32 * 1024, " "), { compress: false });
    assert.equal(String((await answer)[0]), '{"action":"sendmessage","from":"alice","message":""}');
  });

  const refused: readonly [what: string, code: number, send: (socket: WebSocket) => void][] = [
    ["has more in one frame", 1009, (socket) => socket.send("x".repeat(32 * 1024 + 1), { compress: false })],
    ["is binary", 1003, (socket) => socket.send(Buffer.from(whoami))],
  ];
  for (const [what, code, send] of refused)
    it(`closes the connection with ${code} where it ${what}, and neither it nor the next is heard`, async () => {
      const socket = await open(stack.url, bearer(accessToken()));
      const closed = closeOf(socket);
      const seen = stack.events.length;
      send(socket);
      socket.send(whoami);
      assert.deepEqual(await closed, { code, reason: "" });
      const { connectionId } = await stack.untilEvent(
        "closed",
        (event) => event.code === code && stack.events.indexOf(event) >= seen,
      );
      const types = stack.events
        .filter((event) => event.connectionId === connectionId)
        .map(({ type }) => type);
      assert.deepEqual(types, ["handshake", "closed"]);
    });
});

describe("messages of one connection", () => {
  it("are answered in their order, however long each takes", async () => {
    const slow = withCode(
      "sendmessage",
      `exports.handler = async () => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        return { statusCode: 200, body: "slow" };
      };`,
    );
    await withTestStack({ alter: slow }, async (stack) => {
      const socket = await open(stack.url, bearer(accessToken()));
      const quick = await ask(socket, whoami);
      const heard = collect(socket, 3);
      for (const message of [whoami, sendmessage("hello"), whoami]) socket.send(message);
      assert.deepEqual(await heard, [quick, "slow", quick]);
    });
  });
});
