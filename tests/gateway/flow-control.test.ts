import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { describe, it } from "mocha";
import { openDeaf } from "../local/deaf-client.ts";
import { manage } from "../local/management-call.ts";
import {
  type FunctionEvent,
  proxyRoute,
  ServedApi,
  type ServedApiArgs,
  withServedApi,
} from "./served-api.ts";

/** More than the socket buffers of a loopback connection hold, by far. */
const answerBytes = 8 * 1024 * 1024;
const answer = "x".repeat(answerBytes);

/** Serves a route with long answers, and a client that does not read. */
function withMute(
  args: Pick<ServedApiArgs, "limits">,
  use: (served: ServedApi, client: Socket) => Promise<void>,
): Promise<void> {
  const routes = [proxyRoute("$default"), proxyRoute("$disconnect", { replies: false })];
  const functions = { $default: () => ({ statusCode: 200, body: answer }) };
  return withServedApi({ routes, functions, ...args }, async (served) => {
    const client = await openDeaf(served.url);
    client.pause();
    await use(served, client);
    client.destroy();
  });
}

/** Sends so many messages of one letter each. */
function say(client: Socket, count: number): void {
  const frame = Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x61]);
  client.write(Buffer.concat(Array.from({ length: count }, () => frame)));
}

/** Reads until so many bytes have come. */
function readBytes(client: Socket, count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let bytes = 0;
  client.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes >= count) resolve();
  });
  client.resume();
  return promise;
}

function answersOf({ events }: ServedApi): number {
  return events.filter(({ type }) => type === "answer").length;
}

function idOf({ events }: ServedApi): string {
  return events[0]?.connectionId ?? assert.fail("no handshake");
}

/** Resolves when the gateway has done all that it can do now: it has answered to a call that takes several turns. */
async function settled(served: ServedApi): Promise<void> {
  for (let i = 0; i < 3; i++) await manage(served, { method: "GET", connectionId: idOf(served) });
}

describe("a client that does not read", () => {
  it("gets no further answer while more than the limit waits for it, and all of them when it reads", () =>
    withMute({}, async (served, client) => {
      say(client, 3);
      await served.until(() => answersOf(served) === 1);
      await settled(served);
      assert.equal(served.callsOf("$default").length, 1);
      assert.equal(answersOf(served), 1);
      await readBytes(client, 3 * answerBytes);
      assert.equal(served.callsOf("$default").length, 3);
      assert.equal(answersOf(served), 3);
    }));

  it("is pushed no more: LimitExceededException, until it reads", () =>
    withMute({}, async (served, client) => {
      const push = () => manage(served, { connectionId: idOf(served), body: "hello" });
      assert.equal((await push()).status, 200);
      say(client, 1);
      await served.until(() => answersOf(served) === 1);
      assert.deepEqual(await push(), { status: 429, errorType: "LimitExceededException", body: "" });
      assert.equal((await manage(served, { method: "GET", connectionId: idOf(served) })).status, 200);
      await readBytes(client, answerBytes);
      assert.equal((await push()).status, 200);
      const pushes = served.events.filter(({ type }) => type === "push");
      assert.equal(pushes.length, 2);
    }));

  it("is pushed no more than the limit and one message", () =>
    withMute({ limits: { bufferedBytes: 512 * 1024 } }, async (served) => {
      const body = "x".repeat(128 * 1024);
      let pushed = 0;
      while ((await manage(served, { connectionId: idOf(served), body })).status === 200) pushed++;
      // The limit is above what the kernel's buffers take in.
      assert.ok(pushed >= 5 && pushed < 200, String(pushed));
    }));

  it("can be closed all the same, and $disconnect is told once, after its messages were handled", () =>
    withMute({ limits: { closeTimeoutMs: 20 } }, async (served, client) => {
      say(client, 3);
      await served.until(() => answersOf(served) === 1);
      await manage(served, { method: "DELETE", connectionId: idOf(served) });
      await served.until(() => served.callsOf("$disconnect").length === 1);
      const { disconnectStatusCode, disconnectReason } =
        served.callsOf("$disconnect")[0]?.requestContext ?? {};
      assert.deepEqual([disconnectStatusCode, disconnectReason], [1000, "Connection Closed Normally"]);
      assert.deepEqual(
        served.calls.map(([functionArn]) => functionArn),
        ["$default", "$default", "$default", "$disconnect"],
      );
      assert.equal(answersOf(served), 1);
    }));

  it("may vanish, and its connection ends", () =>
    withMute({}, async (served, client) => {
      say(client, 100);
      await served.until(() => answersOf(served) === 1);
      client.resetAndDestroy();
      await served.until(() => served.callsOf("$disconnect").length === 1);
      assert.equal(served.callsOf("$disconnect")[0]?.requestContext.disconnectStatusCode, 1006);
    }));

  it("does not keep the gateway from closing", () =>
    withMute({ limits: { closeTimeoutMs: 20 } }, async (served, client) => {
      say(client, 2);
      await served.until(() => answersOf(served) === 1);
      await served.close();
      assert.equal(served.callsOf("$disconnect").length, 1);
    }));
});

describe("a client that sends faster than its messages are handled", () => {
  it("is read from no further than so many messages wait, and all are handled in the end", async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const functions = {
      $default: async ({ requestContext }: FunctionEvent) => {
        if (requestContext.connectionId === idOf(served)) await gate;
        return { statusCode: 200 };
      },
    };
    const limits = { waitingMessages: 2 };
    const served = await new ServedApi({ routes: [proxyRoute("$default")], functions, limits }).listen();
    // Each as long as a frame may be, so that the kernel cannot hold them all.
    const header = Buffer.from([0x81, 0xfe, 0x80, 0x00, 0, 0, 0, 0]);
    const frame = Buffer.concat([header, Buffer.alloc(32 * 1024, 0x61)]);
    const count = 1000;
    const [held, other] = [await openDeaf(served.url), await openDeaf(served.url)];
    for (const client of [held, other]) for (let i = 0; i < count; i++) client.write(frame);
    await served.until(() => served.calls.length === 1 + count);
    assert.ok(held.writableLength > 10 * frame.length, "what it sends waits on its own side");
    open();
    await served.until(() => served.calls.length === 2 * count);
    for (const client of [held, other]) client.destroy();
    await served.close();
  });
});
