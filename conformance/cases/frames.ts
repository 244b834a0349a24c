import assert from "node:assert/strict";
import { once } from "node:events";
import { type Client, connect } from "../client.ts";
import { fact } from "../conformance-case.ts";

const whoami = '{"action":"whoami"}';
const frameBytes = 32 * 1024;
const messageBytes = 128 * 1024;
/** Compressed, a frame would be shorter than its text. */
const plain = { compress: false };

/** A message of so many bytes, which is answered with a short one. */
function messageOf(bytes: number): string {
  return whoami.padEnd(bytes, " ");
}

/** Sends one message in frames of so many bytes each. */
function sendInFrames({ socket }: Client, text: string, bytes: number) {
  for (let start = 0; start < text.length; start += bytes)
    socket.send(text.slice(start, start + bytes), { ...plain, fin: start + bytes >= text.length });
}

async function assertAnswered(client: Client) {
  assert.equal(JSON.parse(await client.next()).action, "whoami");
}

/** Messages in several frames. */
const fragmentations: readonly [what: string, bytes: number, frameBytes: number][] = [
  ["two frames", whoami.length, 10],
  ["a frame for each byte", whoami.length, 1],
  ["frames of 32 KB, 64 KB in all", 2 * frameBytes, frameBytes],
  ["frames of 32 KB, 128 KB in all", messageBytes, frameBytes],
  ["frames of 10 KB, 100 KB in all", 100 * 1024, 10 * 1024],
];

/** What ends a connection, and with which code. */
const fatal: readonly [what: string, code: number, send: (client: Client) => void][] = [
  ["a binary message", 1003, ({ socket }) => socket.send(Buffer.from(whoami))],
  ["an empty binary message", 1003, ({ socket }) => socket.send(Buffer.alloc(0))],
  ["a frame of 32 KB and a byte", 1009, ({ socket }) => socket.send(messageOf(frameBytes + 1), plain)],
  ["a frame of 64 KB", 1009, ({ socket }) => socket.send(messageOf(2 * frameBytes), plain)],
  ["a frame of 200 KB", 1009, ({ socket }) => socket.send(messageOf(200 * 1024), plain)],
  [
    "a message of 128 KB and a byte",
    1009,
    (client) => sendInFrames(client, messageOf(messageBytes + 1), frameBytes),
  ],
  ["a message of 160 KB", 1009, (client) => sendInFrames(client, messageOf(160 * 1024), frameBytes)],
  [
    "a last frame of 32 KB and a byte",
    1009,
    ({ socket }) => {
      socket.send(" ", { ...plain, fin: false });
      socket.send(messageOf(frameBytes + 1), plain);
    },
  ],
];

export const frameCases = [
  fact("a message may have 32 KB in one frame", "documented", async (target) => {
    using client = await connect(target);
    client.socket.send(messageOf(frameBytes), plain);
    await assertAnswered(client);
  }),
  ...fragmentations.map(([what, bytes, size]) =>
    fact(`a message may come in ${what}`, "documented", async (target) => {
      using client = await connect(target);
      sendInFrames(client, messageOf(bytes), size);
      await assertAnswered(client);
    }),
  ),
  fact("a ping may come between the frames of a message", "documented", async (target) => {
    using client = await connect(target);
    client.socket.send(whoami.slice(0, 5), { ...plain, fin: false });
    client.socket.ping();
    client.socket.send(whoami.slice(5), plain);
    await assertAnswered(client);
  }),
  fact("a compressed message is read", "observed", async (target) => {
    using client = await connect(target);
    client.socket.send(messageOf(20_000), { compress: true });
    await assertAnswered(client);
  }),
  fact("a compressed frame is as long as it is on the wire", "unconfirmed", async (target) => {
    using client = await connect(target);
    client.socket.send(messageOf(100 * 1024), { compress: true });
    await assertAnswered(client);
  }),
  ...fatal.map(([what, code, send]) =>
    fact(`${what} ends the connection with ${code}`, "documented", async (target) => {
      using client = await connect(target);
      send(client);
      assert.equal((await client.closed).code, code);
    }),
  ),
  fact("what ends a connection is not answered", "documented", async (target) => {
    using client = await connect(target);
    const answer = client.ask(whoami);
    await answer;
    const heard: unknown[] = [];
    client.socket.on("message", (data) => heard.push(String(data)));
    client.socket.send(Buffer.from(whoami));
    await client.closed;
    assert.deepEqual(heard, []);
  }),
  ...(
    [
      ["an empty ping", ""],
      ["a ping with a text", "are you there?"],
      ["a ping of 125 bytes", "x".repeat(125)],
    ] as const
  ).map(([what, text]) =>
    fact(`${what} is answered with a pong of the same`, "documented", async (target) => {
      using client = await connect(target);
      const pong = once(client.socket, "pong");
      client.socket.ping(text);
      assert.equal(String((await pong)[0]), text);
    }),
  ),
  fact("a pong that nobody asked for changes nothing", "documented", async (target) => {
    using client = await connect(target);
    client.socket.pong("here I am");
    client.socket.send(whoami);
    await assertAnswered(client);
  }),
  ...[1000, 1001, 1011, 3000, 4000, 4999].map((code) =>
    fact(`a client that closes with ${code} is answered with ${code}`, "documented", async (target) => {
      using client = await connect(target);
      client.socket.close(code, "done");
      assert.equal((await client.closed).code, code);
    }),
  ),
  fact("a client that closes without a code is answered without one", "documented", async (target) => {
    using client = await connect(target);
    client.socket.close();
    assert.equal((await client.closed).code, 1005);
  }),
  fact("an answer is a text message", "documented", async (target) => {
    using client = await connect(target);
    const received = once(client.socket, "message");
    client.socket.send(whoami);
    assert.equal((await received)[1], false);
  }),
];
