import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "mocha";
import type { WebSocket } from "ws";
import {
  bearer,
  open,
  startTestStack,
  type TestStack,
  type TestStackOptions,
  withTestStack,
} from "../test-stack.ts";
import { accessToken } from "../token-factory.ts";
import { all, withCode } from "./alterations.ts";
import { openDeaf } from "./deaf-client.ts";
import { manage } from "./management-call.ts";

/** A `$disconnect` that logs what it is told. */
const telling = withCode(
  "disconnect",
  `exports.handler = async ({ requestContext: { connectionId, disconnectStatusCode, disconnectReason } }) => {
    process.stdout.write(JSON.stringify([connectionId, disconnectStatusCode, disconnectReason]) + "\\n");
  };`,
);

type Told = readonly [connectionId: string, code: number, reason: string];

function toldOf({ logs }: TestStack): Told[] {
  return logs
    .filter(({ logicalName, stream }) => logicalName === "disconnect" && stream === "stdout")
    .map(({ line }) => JSON.parse(line));
}

/** The next connection of a stack, and what `$disconnect` is told of its end. */
async function opened(stack: TestStack) {
  const seen = stack.events.length;
  const socket = await open(stack.url, bearer(accessToken()));
  const { connectionId } = await stack.untilEvent(
    "handshake",
    (event) => stack.events.indexOf(event) >= seen,
  );
  const end = async () => {
    const { line } = await stack.untilLog("disconnect", ({ line }) => line.startsWith(`["${connectionId}"`));
    const [, code, reason] = JSON.parse(line) as Told;
    return [code, reason];
  };
  return { socket, connectionId, end };
}

/** What a client learns of a close. */
async function closeOf(socket: WebSocket): Promise<readonly [code: number, reason: string]> {
  const [code, reason] = await once(socket, "close");
  return [code, reason.toString()];
}

describe("a stack that closes while messages of a closed connection wait", () => {
  const slow = withCode(
    "whoami",
    "exports.handler = () => new Promise((resolve) => setTimeout(resolve, 100, { statusCode: 200 }));",
  );

  it("handles them, then tells $disconnect once, with the client's own code", async () => {
    const stack = await startTestStack({ alter: all(slow, telling) });
    const socket = await open(stack.url, bearer(accessToken()));
    const closed = once(socket, "close");
    for (let i = 0; i < 3; i++) socket.send('{"action":"whoami"}');
    socket.close(4001, "enough");
    await closed;
    await stack.close();
    assert.deepEqual(
      toldOf(stack).map(([, code, reason]) => [code, reason]),
      [[4001, "enough"]],
    );
    assert.equal(stack.events.filter(({ type }) => type === "closed").length, 1);
  });
});

describe("$disconnect", () => {
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack({ alter: telling });
  });
  after(() => stack.close());

  const clientCloses: readonly [
    what: string,
    close: (socket: WebSocket) => void,
    told: readonly [code: number, reason: string],
  ][] = [
    ["without a code", (socket) => socket.close(), [1005, "Client-side close frame status not set"]],
    ["with 1000", (socket) => socket.close(1000), [1000, ""]],
    ["as a browser that leaves the page does", (socket) => socket.close(1001), [1001, ""]],
    ["with a code and a reason", (socket) => socket.close(4001, "had enough"), [4001, "had enough"]],
    ["by vanishing", (socket) => socket.terminate(), [1006, ""]],
    ["with a binary message", (socket) => socket.send(Buffer.from("{}")), [1003, ""]],
    ["with a message that is too long", (socket) => socket.send("x".repeat(128 * 1024 + 1)), [1009, ""]],
    [
      "with a frame that is too long",
      (socket) => socket.send("x".repeat(32 * 1024 + 1), { compress: false }),
      [1009, ""],
    ],
  ];
  for (const [what, close, told] of clientCloses)
    it(`is told of a client that ends ${what}`, async () => {
      const { socket, end } = await opened(stack);
      close(socket);
      assert.deepEqual(await end(), told);
    });

  it("is told of a connection that the server deletes", async () => {
    const { socket, connectionId, end } = await opened(stack);
    const closed = closeOf(socket);
    const { status } = await manage(stack, { method: "DELETE", connectionId });
    assert.equal(status, 204);
    assert.deepEqual(await closed, [1000, "Connection Closed Normally"]);
    assert.deepEqual(await end(), [1000, "Connection Closed Normally"]);
  });

  it("comes after the messages before it are handled", async () => {
    const { socket, connectionId, end } = await opened(stack);
    const seen = stack.logs.length;
    socket.send('{"action":"whoami"}');
    socket.close(1000);
    await end();
    const types = stack.events.filter((event) => event.connectionId === connectionId).map(({ type }) => type);
    assert.deepEqual(types, ["handshake", "message", "closed"]);
    const reports = stack.logs.slice(seen).filter(({ line }) => line.startsWith("REPORT "));
    assert.equal(reports[0]?.logicalName, "whoami");
  });

  it("is over before the stack is closed, and came once for every connection", async () => {
    const last = await opened(stack);
    const closed = closeOf(last.socket);
    await stack.close();
    assert.deepEqual(await closed, [1001, "Going away"]);
    const told = toldOf(stack);
    assert.deepEqual(told.at(-1), [last.connectionId, 1001, "Going away"]);
    const connected = stack.events.flatMap((event) =>
      event.type === "handshake" ? [event.connectionId] : [],
    );
    assert.equal(connected.length, clientCloses.length + 3);
    assert.deepEqual(told.map(([connectionId]) => connectionId).sort(), connected.sort());
  });
});

describe("a connection's limits", () => {
  function withLimits(
    limits: NonNullable<TestStackOptions["limits"]>,
    use: (stack: TestStack) => Promise<void>,
  ): Promise<void> {
    return withTestStack({ alter: telling, limits }, use);
  }

  for (const limit of ["idleMs", "connectionAgeMs"] as const)
    it(`close it with 1001 after ${limit}, and $disconnect is told once`, () =>
      withLimits({ [limit]: 20 }, async (stack) => {
        const { socket, connectionId, end } = await opened(stack);
        assert.deepEqual(await closeOf(socket), [1001, "Going away"]);
        assert.deepEqual(await end(), [1001, "Going away"]);
        await stack.close();
        assert.deepEqual(toldOf(stack), [[connectionId, 1001, "Going away"]]);
      }));

  it("end a client that does not answer a close", () =>
    withLimits({ closeTimeoutMs: 20 }, async (stack) => {
      const socket = await openDeaf(stack.url, accessToken());
      const { connectionId } = await stack.untilEvent("handshake");
      const cut = once(socket, "close");
      await manage(stack, { method: "DELETE", connectionId });
      assert.equal((await manage(stack, { connectionId, body: "hello" })).status, 410);
      await cut;
      await stack.untilLog("disconnect", ({ stream }) => stream === "platform");
      assert.deepEqual(toldOf(stack), [[connectionId, 1000, "Connection Closed Normally"]]);
    }));

  it("do not keep the stack from closing", () =>
    withLimits({ closeTimeoutMs: 20 }, async (stack) => {
      const socket = await openDeaf(stack.url, accessToken());
      const cut = once(socket, "close");
      await stack.close();
      await cut;
    }));
});
