import assert from "node:assert/strict";
import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { after, before, describe, it } from "mocha";
import type { WebSocket } from "ws";
import type { DeployedRoute } from "../../local/gateway/deployed-api.ts";
import { compileSelection } from "../../local/gateway/selection-expression.ts";
import { manage } from "../local/management-call.ts";
import { ask, open } from "../test-stack.ts";
import { api } from "./api-fixture.ts";
import { proxyRoute, ServedApi, withServedApi } from "./served-api.ts";

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

const reply = (body: string) => ({ statusCode: 200, body });
const disconnect = proxyRoute("$disconnect", { replies: false });

describe("a message's route", () => {
  let served: ServedApi;
  let socket: WebSocket;
  before(async () => {
    const keys = ["join", "v1-join", "$default"];
    served = await new ServedApi({
      routes: [...keys.map((key) => proxyRoute(key)), proxyRoute("$connect"), disconnect],
      functions: Object.fromEntries(keys.map((key) => [key, () => reply(key)])),
    }).listen();
    socket = await open(served.url);
  });
  after(() => served.close());

  for (const [body, routeKey] of [
    ['{"action":"join"}', "join"],
    ['{"action":"JOIN"}', "$default"],
    ['{"action":"$disconnect"}', "$default"],
    ['{"action":"$default"}', "$default"],
    ["{}", "$default"],
    ['"hello"', "$default"],
    ["3", "$default"],
    ["null", "$default"],
    ["true", "$default"],
    ["[]", "$default"],
    ['["join"]', "$default"],
    ["hello", "$default"],
    ["", "$default"],
  ] as const)
    it(`is ${routeKey} for ${body || "an empty one"}`, async () =>
      assert.equal(await ask(socket, body), routeKey));

  it("is what an expression of several members and text between them gives", async () => {
    const selectRouteKey = compileSelection("v${request.body.version}-${request.body.a.b}", "test");
    const routes = new Map([
      ["v1-join", proxyRoute("v1-join")],
      ["$default", proxyRoute("$default")],
    ]);
    const functions = { "v1-join": () => reply("v1-join"), $default: () => reply("$default") };
    await withServedApi({ api: { ...api, selectRouteKey, routes }, functions }, async ({ url }) => {
      const client = await open(url);
      assert.equal(await ask(client, '{"version":1,"a":{"b":"join"}}'), "v1-join");
      assert.equal(await ask(client, '{"version":2,"a":{"b":"join"}}'), "$default");
      client.terminate();
    });
  });
});

describe("a message that nobody answers", () => {
  const impatient = proxyRoute("slow");
  const routes: DeployedRoute[] = [
    proxyRoute("ok"),
    proxyRoute("fails"),
    proxyRoute("malformed"),
    {
      ...impatient,
      integration: impatient.integration && { ...impatient.integration, timeoutMs: 1 },
    } as DeployedRoute,
  ];
  const functions = {
    ok: () => ({ statusCode: 500, body: "ok" }),
    fails: () => {
      throw new Error("no");
    },
    malformed: () => "no proxy response",
    slow: () => new Promise(() => {}),
  };

  for (const [action, message] of [
    ["other", "Forbidden"],
    ["fails", "Internal server error"],
    ["malformed", "Internal server error"],
    ["slow", "Internal server error"],
  ])
    it(`gets exactly API Gateway's frame, ${message} (${action}), and the connection stays open`, () =>
      withServedApi({ routes, functions }, async (served) => {
        const socket = await open(served.url);
        const answer = await ask(socket, JSON.stringify({ action }));
        const { connectionId, requestId } = JSON.parse(answer);
        assert.equal(
          answer,
          `{"message": "${message}", "connectionId":"${connectionId}", "requestId":"${requestId}"}`,
        );
        assert.equal(connectionId, served.events[0]?.connectionId);
        assert.match(requestId, /^[\w-]{15}=$/);
        assert.equal(await ask(socket, '{"action":"ok"}'), "ok", "whatever the statusCode");
        socket.terminate();
      }));
});

describe("a message that cannot be handled", () => {
  /** JSON that can be read and, being so deep, not written. */
  const deep = `{"action":${"[".repeat(16_000)}${"]".repeat(16_000)}}`;

  it("gets Internal server error, and the messages after it are handled", () => {
    const routes = [proxyRoute("$default"), disconnect];
    const functions = { $default: () => reply("ok") };
    return withServedApi({ routes, functions }, async (served) => {
      const socket = await open(served.url);
      assert.equal(JSON.parse(await ask(socket, deep)).message, "Internal server error");
      assert.equal(await ask(socket, "hello"), "ok");
      socket.close();
      await served.until(() => served.callsOf("$disconnect").length === 1);
      const answers = served.events.flatMap((event) =>
        event.type === "answer" ? [[event.routeKey, event.because]] : [],
      );
      assert.deepEqual(answers, [
        ["(no route)", "Maximum call stack size exceeded"],
        ["$default", undefined],
      ]);
    });
  });
});

describe("a route without a route response", () => {
  it("says nothing of what its function answers", () => {
    const routes = [proxyRoute("mute", { replies: false }), proxyRoute("$default")];
    const functions = { mute: () => reply("mute"), $default: () => reply("$default") };
    return withServedApi({ routes, functions }, async (served) => {
      const socket = await open(served.url);
      socket.send('{"action":"mute"}');
      assert.equal(await ask(socket, "hello"), "$default");
      assert.equal(served.callsOf("mute").length, 1);
      socket.terminate();
    });
  });
});

describe("a connection", () => {
  it("is authorized when it opens, and never again", async () => {
    const statement = { Effect: "Allow", Action: "execute-api:Invoke", Resource: `${api.stageArn}/$connect` };
    const answer = {
      principalId: "sub-1",
      policyDocument: { Version: "2012-10-17", Statement: [statement] },
    };
    const authorizer = { functionArn: "authorizer", sourceArn: "authorizer", identitySources: [] };
    const routes = [
      proxyRoute("$connect", { authorizer, replies: false }),
      proxyRoute("$default"),
      disconnect,
    ];
    const functions = { authorizer: () => ({ ...answer, context: { age: 7 } }), $default: () => reply("ok") };
    await withServedApi({ routes, functions }, async (served) => {
      const socket = await open(served.url);
      for (let i = 0; i < 3; i++) await ask(socket, "hello");
      socket.close();
      await served.until(() => served.callsOf("$disconnect").length === 1);
      assert.deepEqual(
        served.calls.map(([functionArn]) => functionArn),
        ["authorizer", "$connect", "$default", "$default", "$default", "$disconnect"],
      );
      const ids = new Set(served.calls.map(([, event]) => event.requestContext.connectionId));
      assert.deepEqual([...ids], [served.events[0]?.connectionId]);
      const requestIds = new Set(served.calls.map(([, event]) => event.requestContext.requestId));
      assert.equal(requestIds.size, served.calls.length);
      const identities = served.calls.map(([, event]) => event.requestContext.authorizer);
      const identity = { principalId: "sub-1", age: "7" };
      const integrationLatency = Object(identities[1]).integrationLatency;
      assert.equal(typeof integrationLatency, "number");
      assert.deepEqual(identities, [
        undefined,
        { ...identity, integrationLatency },
        ...Array(4).fill(identity),
      ]);
    });
  });

  it("keeps its messages' order and its answers to itself, beside others, however long each takes", async () => {
    const functions = {
      $default: async ({ body, requestContext }: { body: string; requestContext: object }) => {
        const { connectionId } = requestContext as { connectionId: string };
        for (let turns = (Number(body) * 7) % 5; turns > 0; turns--) await setImmediate();
        return reply(`${connectionId} ${body}`);
      },
    };
    await withServedApi({ routes: [proxyRoute("$default")], functions }, async (served) => {
      const count = 50;
      const sockets = [await open(served.url), await open(served.url), await open(served.url)];
      const heard = sockets.map((socket) => collect(socket, count));
      for (let i = 0; i < count; i++) for (const socket of sockets) socket.send(`${i}`);
      const ids = served.events.flatMap(({ type, connectionId }) =>
        type === "handshake" ? [connectionId] : [],
      );
      assert.equal(new Set(ids).size, 3);
      assert.deepEqual(
        await Promise.all(heard),
        ids.map((id) => Array.from({ length: count }, (_, i) => `${id} ${i}`)),
      );
      for (const socket of sockets) socket.terminate();
    });
  });

  it("handles its last message before $disconnect, which comes once", async () => {
    const done: string[] = [];
    const functions = {
      $default: async ({ body }: { body: string }) => {
        for (let i = 0; i < 5; i++) await setImmediate();
        done.push(body);
        return reply(body);
      },
      $disconnect: () => done.push("$disconnect"),
    };
    await withServedApi({ routes: [proxyRoute("$default"), disconnect], functions }, async (served) => {
      const socket = await open(served.url);
      for (const body of ["1", "2", "3"]) socket.send(body);
      socket.close(4000, "enough");
      await served.until(() => served.callsOf("$disconnect").length === 1);
      await served.close();
      assert.deepEqual(done, ["1", "2", "3", "$disconnect"]);
      const { disconnectStatusCode, disconnectReason } =
        served.callsOf("$disconnect")[0]?.requestContext ?? {};
      assert.deepEqual([disconnectStatusCode, disconnectReason], [4000, "enough"]);
    });
  });

  it("tells $disconnect once, however many want to end it", async () => {
    await withServedApi({ routes: [disconnect] }, async (served) => {
      const socket = await open(served.url);
      const connectionId = served.events[0]?.connectionId ?? "";
      const closed = once(socket, "close");
      await Promise.all([
        manage(served, { method: "DELETE", connectionId }),
        manage(served, { method: "DELETE", connectionId }),
      ]);
      socket.close(4000);
      await closed;
      await served.close();
      const told = served
        .callsOf("$disconnect")
        .map(({ requestContext }) => requestContext.disconnectStatusCode);
      assert.deepEqual(told, [1000]);
    });
  });

  it("is as active as its messages, either way, and pings are none", async () => {
    await withServedApi(
      { routes: [proxyRoute("$default")], functions: { $default: () => reply("") } },
      async (served) => {
        const socket = await open(served.url);
        const connectionId = served.events[0]?.connectionId ?? "";
        const lastActiveAt = async () => {
          const { body } = await manage(served, { method: "GET", connectionId });
          return Date.parse(JSON.parse(body).lastActiveAt);
        };
        /** So that a time after it differs. */
        const nextMillisecond = async () => {
          for (const now = Date.now(); Date.now() === now; ) await setImmediate();
        };
        await ask(socket, "hello");
        const first = await lastActiveAt();
        await nextMillisecond();
        const pong = once(socket, "pong");
        socket.ping();
        await pong;
        assert.equal(await lastActiveAt(), first);
        await manage(served, { connectionId, body: "pushed" });
        const second = await lastActiveAt();
        assert.ok(second > first);
        await nextMillisecond();
        await ask(socket, "hello");
        assert.ok((await lastActiveAt()) > second);
        socket.terminate();
      },
    );
  });
});
