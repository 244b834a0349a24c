import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, describe, it } from "mocha";
import { WebSocket } from "ws";
import { ask, open } from "../test-stack.ts";
import { proxyRoute, ServedApi } from "./served-api.ts";

/** A connection on which a test writes the bytes of frames itself. */
class RawClient {
  readonly #socket: Socket;
  #bytes = Buffer.alloc(0);
  #ended = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
    });
    socket.on("end", () => {
      this.#ended = true;
    });
    socket.on("error", () => {});
  }

  static async open(url: string): Promise<RawClient> {
    const { hostname, port, pathname } = new URL(url);
    const socket = connect(Number(port), hostname);
    const lines = [
      `GET ${pathname} HTTP/1.1`,
      "Host: localhost",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ];
    const client = new RawClient(socket);
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    const headerEnd = "\r\n\r\n";
    const answer = await client.#until((bytes) => {
      const start = bytes.indexOf(headerEnd);
      return start === -1 ? 0 : start + headerEnd.length;
    });
    assert.match(answer, /^HTTP\/1\.1 101 /);
    return client;
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  end(): void {
    this.#socket.destroy();
  }

  /** The next frame: its opcode and its payload. */
  async frame(): Promise<readonly [opcode: number, payload: Buffer]> {
    const text = await this.#until((bytes) => (bytes.length >= 2 ? 2 + (bytes[1] ?? 0) : 0));
    const bytes = Buffer.from(text, "latin1");
    return [(bytes[0] ?? 0) & 0x0f, bytes.subarray(2)];
  }

  /** Takes as many bytes as `lengthOf` says, as soon as there are so many; 0 for not yet known. */
  async #until(lengthOf: (bytes: Buffer) => number): Promise<string> {
    for (;;) {
      const length = lengthOf(this.#bytes);
      if (length > 0 && this.#bytes.length >= length) {
        const taken = this.#bytes.subarray(0, length).toString("latin1");
        this.#bytes = this.#bytes.subarray(length);
        return taken;
      }
      assert.ok(!this.#ended, "the server has ended the connection");
      await Promise.race([once(this.#socket, "data"), once(this.#socket, "end")]);
    }
  }
}

const text = 0x1;
const close = 0x8;
const fin = 0x80;

/** A client's frame of at most 125 bytes; masked with zeros, so that the payload stays readable. */
function frame(firstByte: number, payload: string | Buffer, isMasked = true): Buffer {
  const bytes = Buffer.from(payload);
  const header = [firstByte, (isMasked ? 0x80 : 0) | bytes.length];
  return Buffer.concat([Buffer.from(header), Buffer.alloc(isMasked ? 4 : 0), bytes]);
}

function closeFrame(code: number): readonly [opcode: number, payload: Buffer] {
  return [close, Buffer.from([code >> 8, code & 0xff])];
}

describe("a connection's frames", () => {
  let served: ServedApi;
  before(async () => {
    served = await new ServedApi({
      routes: [proxyRoute("$default"), proxyRoute("$disconnect", { replies: false })],
      functions: { $default: ({ body }) => ({ statusCode: 200, body: body.slice(0, 100) }) },
    }).listen();
  });
  after(() => served.close());

  /** What `$disconnect` is told of the connection that comes next. */
  async function ended(use: () => Promise<void>): Promise<readonly unknown[]> {
    const count = served.callsOf("$disconnect").length;
    await use();
    await served.until(() => served.callsOf("$disconnect").length > count);
    const told = served.callsOf("$disconnect").slice(count);
    return told.map(({ requestContext: { disconnectStatusCode, disconnectReason } }) => [
      disconnectStatusCode,
      disconnectReason,
    ]);
  }

  const broken: readonly [what: string, frames: readonly Buffer[], code: number][] = [
    ["a frame without a mask", [frame(fin | text, "hello", false)], 1002],
    [
      "two frames without a mask",
      [frame(fin | text, "x".repeat(120), false), frame(fin | text, Buffer.alloc(40, 0xff), false)],
      1002,
    ],
    ["text that is not UTF-8", [frame(fin | text, Buffer.from([0x68, 0xff]))], 1007],
    ["text that ends within a letter", [frame(fin | text, Buffer.from([0xc3]))], 1007],
    ["a reserved bit", [frame(fin | 0x10 | text, "hello")], 1002],
    ["compression that was not agreed on", [frame(fin | 0x40 | text, "hello")], 1002],
    ["an unknown opcode", [frame(fin | 0x3, "hello")], 1002],
    ["a continuation of nothing", [frame(fin, "hello")], 1002],
    ["a new message within a fragmented one", [frame(text, "hel"), frame(fin | text, "lo")], 1002],
    ["a fragmented ping", [frame(0x9, "hello")], 1002],
    ["a close code that must not be sent", [frame(fin | close, Buffer.from([0x03, 0xee]))], 1002],
    ["a binary message", [frame(fin | 0x2, "hello")], 1003],
    ["a fragmented binary message", [frame(0x2, "hel"), frame(fin, "lo")], 1003],
  ];
  for (const [what, frames, code] of broken)
    it(`close it with ${code} for ${what}, and $disconnect is told`, async () => {
      const heard = served.callsOf("$default").length;
      const told = await ended(async () => {
        const client = await RawClient.open(served.url);
        client.write(Buffer.concat(frames));
        assert.deepEqual(await client.frame(), closeFrame(code));
        client.write(frame(fin | close, closeFrame(code)[1]));
      });
      assert.deepEqual(told, [[code, ""]]);
      assert.equal(served.callsOf("$default").length, heard);
    });

  it("make one message of many, wherever the text is cut, with a ping between them", async () => {
    const client = await RawClient.open(served.url);
    const [first, second] = [Buffer.from("hé"), Buffer.from("llo")];
    client.write(frame(text, first.subarray(0, 2)));
    client.write(frame(fin | 0x9, "ping"));
    client.write(frame(0, first.subarray(2)));
    client.write(frame(0, ""));
    client.write(frame(fin, second));
    assert.deepEqual(await client.frame(), [0xa, Buffer.from("ping")]);
    assert.deepEqual(await client.frame(), [text, Buffer.from("héllo")]);
    client.end();
  });

  it("are inflated where the client offers compression", async () => {
    const socket = await open(served.url);
    assert.match(socket.extensions, /^permessage-deflate/);
    const message = "compress me ".repeat(1000);
    const answer = once(socket, "message");
    socket.send(message, { compress: true });
    assert.equal(String((await answer)[0]), message.slice(0, 100));
    assert.equal(served.callsOf("$default").at(-1)?.body, message);
    socket.terminate();
  });

  it("are compressed without a state that the connection would keep", async () => {
    const socket = new WebSocket(served.url);
    const [response] = await once(socket, "upgrade");
    assert.equal(
      response.headers["sec-websocket-extensions"],
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
    );
    socket.terminate();
  });

  it("are not compressed where the client does not", async () => {
    const socket = new WebSocket(served.url, { perMessageDeflate: false });
    await once(socket, "open");
    assert.equal(socket.extensions, "");
    assert.equal(await ask(socket, "hello"), "hello");
    socket.terminate();
  });

  it("may hold 128 KB when they are inflated, and not a byte more: 1009", async () => {
    const socket = await open(served.url);
    const most = "x".repeat(128 * 1024);
    const answer = once(socket, "message");
    socket.send(most, { compress: true });
    await answer;
    assert.equal(served.callsOf("$default").at(-1)?.body.length, most.length);
    const told = await ended(async () => {
      const closed = once(socket, "close");
      socket.send(`${most}x`, { compress: true });
      const [code, reason] = await closed;
      assert.deepEqual([code, reason.toString()], [1009, ""]);
    });
    assert.deepEqual(told, [[1009, ""]]);
  });

  it("that are pings are answered, and are no message", async () => {
    const socket = await open(served.url);
    const seen = served.events.length;
    const pong = once(socket, "pong");
    socket.ping("are you there");
    assert.equal(String((await pong)[0]), "are you there");
    assert.deepEqual(served.events.slice(seen), []);
    socket.terminate();
  });
});
