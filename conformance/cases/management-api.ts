import assert from "node:assert/strict";
import { isIP } from "node:net";
import { connect } from "../client.ts";
import { factWith } from "../conformance-case.ts";
import { connectionIdOf } from "../error-frame.ts";
import { manage } from "../management-call.ts";

const given = factWith("managementEndpoint", "credentials");

/** An id in the right form that no connection has. */
const strangerId = "TXzPWdnOjoECGjA=";
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const methods = ["POST", "GET", "DELETE"] as const;

const pushed: Readonly<Record<string, string>> = {
  "a text": "hello",
  "letters beyond ASCII": "Grüße, 世界, 🎉",
  "JSON as it is": '{ "a" : 1 }',
  "32 KB": "x".repeat(32 * 1024),
  "128 KB": "x".repeat(128 * 1024),
};

export const managementApiCases = [
  ...Object.entries(pushed).map(([what, body]) =>
    given(`a POST of ${what} reaches the client`, "documented", async (target) => {
      using client = await connect(target);
      const { status } = await manage(target, { connectionId: await connectionIdOf(client), body });
      assert.equal(status, 200);
      assert.equal(await client.next(), body);
    }),
  ),
  given("a POST is answered with 200 and no body", "documented", async (target) => {
    using client = await connect(target);
    const connectionId = await connectionIdOf(client);
    const { status, errorType, body } = await manage(target, { connectionId, body: "hello" });
    assert.deepEqual([status, errorType, body], [200, undefined, ""]);
  }),
  given("two POSTs, one after the other, arrive in their order", "unconfirmed", async (target) => {
    using client = await connect(target);
    const connectionId = await connectionIdOf(client);
    for (const body of ["one", "two"]) await manage(target, { connectionId, body });
    assert.deepEqual([await client.next(), await client.next()], ["one", "two"]);
  }),
  given("a POST reaches no other connection", "documented", async (target) => {
    using client = await connect(target);
    using other = await connect(target);
    await manage(target, { connectionId: await connectionIdOf(client), body: "for one" });
    assert.equal(await client.next(), "for one");
    assert.equal((await other.askJson({ action: "whoami" })).action, "whoami");
  }),
  given("a POST of 128 KB and a byte gets 413", "documented", async (target) => {
    using client = await connect(target);
    const connectionId = await connectionIdOf(client);
    const { status, errorType } = await manage(target, { connectionId, body: "x".repeat(128 * 1024 + 1) });
    assert.deepEqual([status, errorType], [413, "PayloadTooLargeException"]);
  }),
  given("the connection id may stand in the URL without percent signs", "unconfirmed", async (target) => {
    using client = await connect(target);
    const connectionId = await connectionIdOf(client);
    assert.equal((await manage(target, { connectionId, path: connectionId, method: "GET" })).status, 200);
  }),
  given("a GET describes a connection, with these members and no others", "documented", async (target) => {
    using client = await connect(target);
    const { status, body } = await manage(target, {
      connectionId: await connectionIdOf(client),
      method: "GET",
    });
    const { identity, ...times } = JSON.parse(body);
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(times).sort(), ["connectedAt", "lastActiveAt"]);
    assert.deepEqual(Object.keys(identity).sort(), ["sourceIp", "userAgent"]);
  }),
  given("a GET tells the client's address and user agent", "documented", async (target) => {
    using client = await connect(target, { headers: { "User-Agent": "conformance/1.0" } });
    const { body } = await manage(target, { connectionId: await connectionIdOf(client), method: "GET" });
    const { sourceIp, userAgent } = JSON.parse(body).identity;
    assert.equal(userAgent, "conformance/1.0");
    assert.ok(isIP(sourceIp) > 0, `sourceIp is ${sourceIp}`);
  }),
  given("a GET tells times in ISO 8601", "documented", async (target) => {
    using client = await connect(target);
    const { body } = await manage(target, { connectionId: await connectionIdOf(client), method: "GET" });
    const { connectedAt, lastActiveAt } = JSON.parse(body);
    for (const time of [connectedAt, lastActiveAt]) assert.match(time, isoTime);
    assert.ok(Date.parse(connectedAt) <= Date.parse(lastActiveAt), `${connectedAt} is after ${lastActiveAt}`);
  }),
  given("a connection is active when it sends", "documented", async (target) => {
    using client = await connect(target);
    const call = { connectionId: await connectionIdOf(client), method: "GET" } as const;
    const before = JSON.parse((await manage(target, call)).body);
    await client.ask('{"action":"whoami"}');
    const after = JSON.parse((await manage(target, call)).body);
    assert.ok(Date.parse(after.lastActiveAt) >= Date.parse(before.lastActiveAt));
    assert.equal(after.connectedAt, before.connectedAt);
  }),
  given("a DELETE is answered with 204 and no body", "documented", async (target) => {
    using client = await connect(target);
    const connectionId = await connectionIdOf(client);
    const { status, errorType, body } = await manage(target, { connectionId, method: "DELETE" });
    assert.deepEqual([status, errorType, body], [204, undefined, ""]);
  }),
  given("a DELETE closes with 1000 Connection Closed Normally", "observed", async (target) => {
    using client = await connect(target);
    await manage(target, { connectionId: await connectionIdOf(client), method: "DELETE" });
    assert.deepEqual(await client.closed, { code: 1000, reason: "Connection Closed Normally" });
  }),
  ...methods.map((method) =>
    given(`a ${method} on a connection that was closed by DELETE gets 410`, "documented", async (target) => {
      using client = await connect(target);
      const connectionId = await connectionIdOf(client);
      await manage(target, { connectionId, method: "DELETE" });
      await client.closed;
      const { status, errorType } = await manage(target, { connectionId, method });
      assert.deepEqual([status, errorType], [410, "GoneException"]);
    }),
  ),
  ...methods.map((method) =>
    given(`a ${method} on a connection that never was gets 410`, "documented", async (target) => {
      const { status, errorType } = await manage(target, { connectionId: strangerId, method });
      assert.deepEqual([status, errorType], [410, "GoneException"]);
    }),
  ),
  given("a POST to a connection that its client has closed gets 410", "documented", async (target) => {
    using client = await connect(target);
    const connectionId = await connectionIdOf(client);
    client.socket.close(1000);
    await client.closed;
    assert.equal((await manage(target, { connectionId, body: "hello" })).status, 410);
  }),
  ...["x", "not-an-id-at-all", "TXzPWdnOjoECGjA"].map((connectionId) =>
    given(`a POST to ${connectionId}, which is no connection id, gets 400`, "observed", async (target) => {
      const { status, errorType, body } = await manage(target, { connectionId, body: "hello" });
      assert.deepEqual([status, errorType], [400, "BadRequestException"]);
      assert.equal(JSON.parse(body).message, `Invalid connectionId: ${connectionId}`);
    }),
  ),
  given("an answer carries the request's id", "documented", async (target) => {
    const { requestId } = await manage(target, { connectionId: strangerId });
    assert.ok(requestId);
  }),
  given("a stage that is not there gets 403 Forbidden", "observed", async (target) => {
    const endpoint = new URL("/no-such-stage", target.managementEndpoint).href;
    const { status, errorType, body } = await manage(target, { connectionId: strangerId, endpoint });
    assert.deepEqual([status, errorType], [403, "ForbiddenException"]);
    assert.equal(JSON.parse(body).message, "Forbidden");
  }),
  given("a method other than POST, GET and DELETE gets 403", "unconfirmed", async (target) => {
    const { status, errorType } = await manage(target, { connectionId: strangerId, method: "PUT" });
    assert.deepEqual([status, errorType], [403, "MissingAuthenticationTokenException"]);
  }),
];
