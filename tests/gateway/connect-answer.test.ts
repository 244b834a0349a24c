import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { describe, it } from "mocha";
import { open } from "../test-stack.ts";
import { proxyRoute, type ServedApi, withServedApi } from "./served-api.ts";

/** Serves a `$connect` that answers this. */
function withAnswer(answer: unknown, use: (served: ServedApi) => Promise<void>): Promise<void> {
  const routes = [proxyRoute("$connect", { replies: false })];
  return withServedApi({ routes, functions: { $connect: () => answer } }, use);
}

/** What the server answers to an upgrade with another header, without a client's opinion of it. */
async function answerTo({ port }: ServedApi, name?: string, value?: string): Promise<IncomingMessage> {
  const upgrade = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" };
  const key = { "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==" };
  const call = request({
    port,
    path: "/prod",
    headers: { Host: "localhost", ...upgrade, ...key, ...(name && { [name]: value }) },
  });
  call.end();
  const [response, socket] = await Promise.race([once(call, "upgrade"), once(call, "response")]);
  socket?.destroy();
  return response;
}

const accepted = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
};

describe("the answer of $connect", () => {
  it("opens the connection with no header of its own", () =>
    withAnswer({ statusCode: 200, body: "welcome" }, async (served) => {
      const { statusCode, headers } = await answerTo(served, "Sec-WebSocket-Protocol", "app.v1");
      assert.deepEqual([statusCode, headers], [101, accepted]);
    }));

  for (const name of ["Sec-WebSocket-Protocol", "sec-websocket-protocol", "SEC-WEBSOCKET-PROTOCOL"])
    it(`gives the client the subprotocol of its header ${name}, and no other header`, () =>
      withAnswer(
        { statusCode: 200, headers: { [name]: "app.v1", "Set-Cookie": "a=b", "X-A": "b" } },
        async (served) => {
          const { statusCode, headers } = await answerTo(served, "Sec-WebSocket-Protocol", "app.v2, app.v1");
          assert.deepEqual([statusCode, headers], [101, { ...accepted, "sec-websocket-protocol": "app.v1" }]);
          const socket = await open(served.url, { protocols: ["app.v2", "app.v1"] });
          assert.equal(socket.protocol, "app.v1");
          socket.terminate();
        },
      ));

  it("leaves a client that offers subprotocols and gets none back to close the connection", () =>
    withAnswer({ statusCode: 200 }, async ({ url }) => {
      await assert.rejects(open(url, { protocols: ["app.v1"] }), { message: "Server sent no subprotocol" });
    }));

  it("passes a subprotocol on that the client did not offer, which then closes the connection", () =>
    withAnswer({ statusCode: 200, headers: { "Sec-WebSocket-Protocol": "other" } }, async ({ url }) => {
      await assert.rejects(open(url, { protocols: ["app.v1"] }), {
        message: "Server sent an invalid subprotocol",
      });
      await assert.rejects(open(url), { message: "Server sent a subprotocol but none was requested" });
    }));

  it("is a failure where no header can carry its subprotocol: 502", () =>
    withAnswer({ statusCode: 200, headers: { "Sec-WebSocket-Protocol": "a\r\nX-A: b" } }, async (served) => {
      const { statusCode, headers } = await answerTo(served);
      assert.deepEqual([statusCode, headers["x-a"]], [502, undefined]);
    }));

  it("refuses with its status, and API Gateway's own words and request id", () =>
    withAnswer({ statusCode: 403, body: "go away", headers: { "X-A": "b" } }, async (served) => {
      const response = await answerTo(served);
      const body = Buffer.concat(await response.toArray()).toString();
      const { "x-amzn-requestid": requestId, ...headers } = response.headers;
      assert.deepEqual([response.statusCode, body], [403, '{"message":"Forbidden"}']);
      assert.match(String(requestId), /^[\w-]{15}=$/);
      assert.deepEqual(headers, {
        "content-type": "application/json",
        "content-length": "23",
        connection: "close",
      });
    }));
});

describe("an API without $connect, or whose $connect has no integration", () => {
  for (const [what, routes] of [
    ["without", [proxyRoute("$default")]],
    ["has no integration", [proxyRoute("$connect", { integration: undefined })]],
  ] as const)
    it(`opens every connection (${what})`, () =>
      withServedApi({ routes }, async (served) => {
        assert.equal((await answerTo(served)).statusCode, 101);
        assert.deepEqual(served.calls, []);
      }));
});

describe("a handshake that is none", () => {
  for (const [name, value] of [
    ["Sec-WebSocket-Version", "7"],
    ["Sec-WebSocket-Key", "short"],
    ["Upgrade", "h2c"],
  ] as const)
    it(`is refused with 400 before any function is called, and is told of: ${name} ${value}`, () =>
      withServedApi({ routes: [proxyRoute("$connect")] }, async (served) => {
        assert.equal((await answerTo(served, name, value)).statusCode, 400);
        await served.until(() => served.events.length === 1);
        const [event] = served.events;
        assert.deepEqual(event?.type === "handshake" && [event.status, event.because], [
          400,
          "it is no WebSocket handshake",
        ]);
        assert.deepEqual(served.calls, []);
      }));
});
