import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, it } from "mocha";
import { type WebSocket, WebSocketServer } from "ws";

interface Connection extends EventTarget {
  send(text: string): boolean;
  close(): void;
}

const { Connection } = (await import(
  new URL("../../examples/browser/connection.js", import.meta.url).href
)) as { Connection: new (args: object) => Connection };

/** Far away, but for those that a test is about. */
const times = {
  keepAliveMs: 60_000,
  renewalMs: 60_000,
  firstDelayMs: 4,
  maxDelayMs: 16,
  stableMs: 60_000,
};

describe("the connection of the browser example", () => {
  /** What happened at the server and at the client, in order. */
  let seen: string[];
  let sockets: WebSocket[];
  /** Whether the server lets the next ones in. */
  let admits: boolean[];
  let server: ReturnType<typeof createServer>;
  let url: string;
  let connection: Connection;
  let heard: EventTarget;

  function tell(what: string) {
    seen.push(what);
    heard.dispatchEvent(new Event("told"));
  }

  /** Resolves when so many of these have been told. */
  async function until(what: string, count = 1) {
    while (seen.filter((each) => each === what).length < count) await once(heard, "told");
  }

  beforeEach(async () => {
    [seen, sockets, admits, heard] = [[], [], [], new EventTarget()];
    const webSockets = new WebSocketServer({ noServer: true, handleProtocols: ([first = ""]) => first });
    server = createServer().on("upgrade", (request, socket, head) => {
      const offered = request.headers["sec-websocket-protocol"]?.replaceAll(", ", ",");
      if (admits.shift() === false) {
        tell(`refused ${offered}`);
        // Not 401, which makes the client of Node ask twice.
        socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
        return;
      }
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        const number = sockets.push(webSocket);
        tell(`opened ${number} ${offered}`);
        webSocket.on("message", (data) => tell(`got ${data}`));
        webSocket.on("close", (code) => tell(`closed ${number} ${code}`));
      });
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    connection.close();
    for (const socket of sockets) socket.terminate();
    server.close();
    server.closeAllConnections();
  });

  type GetToken = (options: { fresh: boolean }) => Promise<string | undefined>;

  /** Tokens are numbered; each fresh one has the next number. */
  function numbered(): GetToken {
    let number = 1;
    return async ({ fresh }) => `t${fresh ? ++number : number}`;
  }

  function connect(others: Partial<typeof times> = {}, getToken = numbered()) {
    connection = new Connection({
      url,
      protocol: "app.v1",
      keepAlive: "still here",
      getToken,
      times: { ...times, ...others },
    });
    for (const type of ["open", "message", "waiting", "ended"])
      connection.addEventListener(type, (event) => {
        const { detail } = event as CustomEvent;
        tell([type, typeof detail === "string" ? detail : detail?.failures].filter(Boolean).join(" "));
      });
  }

  it("offers its protocol and the token, sends, and hears", async () => {
    connect();
    assert.equal(connection.send("too early"), false);
    await until("open");
    assert.equal(connection.send("hello"), true);
    await until("got hello");
    sockets[0]?.send("hello back");
    await until("message hello back");
    assert.deepEqual(seen, ["opened 1 app.v1,bearer.t1", "open", "got hello", "message hello back"]);
  });

  it("asks for a fresh token after a refusal, and only once: a fresh one that is refused is not to blame", async () => {
    admits = [false, false, false];
    connect();
    await until("open");
    assert.deepEqual(seen, [
      "refused app.v1,bearer.t1",
      "waiting 1",
      "refused app.v1,bearer.t2",
      "waiting 2",
      "refused app.v1,bearer.t2",
      "waiting 3",
      "opened 1 app.v1,bearer.t2",
      "open",
    ]);
  });

  it("opens again with a fresh token when it is closed, whoever closes it", async () => {
    connect();
    await until("open");
    sockets[0]?.close(1001, "Going away");
    await until("open", 2);
    sockets[1]?.terminate();
    await until("open", 3);
    const opened = seen.filter((each) => /^(opened|waiting)/.test(each));
    assert.deepEqual(opened, [
      "opened 1 app.v1,bearer.t1",
      "waiting 1",
      "opened 2 app.v1,bearer.t2",
      "waiting 2",
      "opened 3 app.v1,bearer.t3",
    ]);
  });

  it("waits twice as long after each failure, up to a bound", async () => {
    const delays: number[] = [];
    admits = Array(7).fill(false);
    connect();
    connection.addEventListener("waiting", (event) => delays.push((event as CustomEvent).detail.delayMs));
    await until("open");
    const limits = [4, 8, 16, 16, 16, 16, 16];
    assert.equal(delays.length, limits.length);
    for (const [i, limit] of limits.entries()) {
      const delay = delays[i] ?? 0;
      assert.ok(delay >= limit / 2 && delay <= limit, `${i}: ${delay} of ${limit}`);
    }
    assert.equal(new Set(delays).size, delays.length, "clients would come all at once");
  });

  it("begins with short waits again after a connection that lasted", async () => {
    admits = [false, false];
    // The message comes later than the time that makes it stable.
    connect({ stableMs: 1, keepAliveMs: 30 });
    await until("got still here");
    sockets[0]?.close();
    await until("open", 2);
    assert.deepEqual(
      seen.filter((each) => each.startsWith("waiting")),
      ["waiting 1", "waiting 2", "waiting 1"],
    );
  });

  it("says something when it has been silent for long", async () => {
    connect({ keepAliveMs: 5 });
    await until("got still here", 3);
    assert.deepEqual(seen.slice(0, 2), ["opened 1 app.v1,bearer.t1", "open"]);
  });

  it("has the next connection before the present one gets too old, so that it is never without", async () => {
    connect({ renewalMs: 30 });
    await until("closed 1 1000");
    connection.close();
    assert.deepEqual(seen.filter((each) => !/^(opened|closed) [3-9]/.test(each)).slice(0, 5), [
      "opened 1 app.v1,bearer.t1",
      "open",
      "opened 2 app.v1,bearer.t1",
      "open",
      "closed 1 1000",
    ]);
  });

  it("keeps the present connection as long as the next is refused", async () => {
    connect({ renewalMs: 10 });
    await until("open");
    admits = Array(50).fill(false);
    await until("refused app.v1,bearer.t1");
    await until("refused app.v1,bearer.t2", 3);
    assert.equal(connection.send("still on the first"), true);
    await until("got still on the first");
    assert.doesNotMatch(seen.join(), /waiting|closed|opened 2/);
  });

  it("ends when there is no token any more", async () => {
    const tokens = ["t1", undefined];
    connect({}, async () => tokens.shift());
    await until("open");
    sockets[0]?.close();
    await until("ended");
    const told = seen.filter((each) => /^(open|waiting|ended)\b/.test(each));
    assert.deepEqual(told, ["open", "waiting 1", "ended"]);
  });

  it("asks again for a token when asking failed", async () => {
    const asked: boolean[] = [];
    connect({}, async ({ fresh }) => {
      asked.push(fresh);
      if (asked.length < 3) throw new TypeError("Failed to fetch");
      return "t";
    });
    await until("open");
    assert.deepEqual(seen, ["waiting 1", "waiting 2", "opened 1 app.v1,bearer.t", "open"]);
    assert.deepEqual(asked, [false, false, false]);
  });

  it("ends once when it is closed, and opens nothing any more", async () => {
    connect();
    await until("open");
    connection.close();
    connection.close();
    await until("closed 1 1000");
    assert.deepEqual(seen.slice(1), ["open", "ended", "closed 1 1000"]);
    assert.equal(connection.send("too late"), false);
  });

  it("closes what opens after its end", async () => {
    const token = Promise.withResolvers<string>();
    connect({}, () => token.promise);
    connection.close();
    token.resolve("late");
    const early = connection;
    connect();
    await until("open");
    assert.deepEqual(seen, ["ended", "opened 1 app.v1,bearer.t1", "open"]);
    connection.close();
    // Its handshake is under way when it ends.
    connect();
    server.once("upgrade", () => connection.close());
    await until("closed 2 1000");
    assert.equal(seen.filter((each) => each === "open").length, 1);
    assert.equal(early.send("too late"), false);
  });
});
