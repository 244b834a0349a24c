import assert from "node:assert/strict";
import { isIP } from "node:net";
import { factWith } from "../conformance-case.ts";
import { manage } from "../management-call.ts";
import { authorizerEvent, messageEvent, type ShownEvent, watchedEvents } from "../shown-events.ts";

const probe = factWith("probeUrls");
const idForm = /^[\w-]{15}=$/;
const timeForm = /^\d\d\/(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\/\d{4}:\d\d:\d\d:\d\d \+0000$/;

/** What every event's request context has. */
const contextMembers = [
  "apiId",
  "connectedAt",
  "connectionId",
  "domainName",
  "eventType",
  "extendedRequestId",
  "identity",
  "messageDirection",
  "requestId",
  "requestTime",
  "requestTimeEpoch",
  "routeKey",
  "stage",
];
/** What the probe's authorizer puts into its context, and the caller's id. */
const identityMembers = ["boolean", "event", "number", "principalId", "text", "watcher"];
const added = ["Host", "X-Amzn-Trace-Id", "X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto"];

function members(value: object): string[] {
  return Object.keys(value).sort();
}

function contextWith(...more: string[]): string[] {
  return [...contextMembers, ...more].sort();
}

function headerValue(headers: Readonly<Record<string, unknown>>, lowerCaseName: string): unknown {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === lowerCaseName)?.[1];
}

function assertContext({ requestContext }: ShownEvent, routeKey: string, eventType: string) {
  const { stage, messageDirection, requestId, extendedRequestId, connectionId } = requestContext;
  const { requestTime, requestTimeEpoch, connectedAt, identity } = requestContext;
  assert.deepEqual(
    [requestContext.routeKey, requestContext.eventType, stage, messageDirection],
    [routeKey, eventType, "events", "IN"],
  );
  for (const id of [requestId, connectionId]) assert.match(id, idForm);
  assert.equal(extendedRequestId, requestId);
  assert.match(requestTime, timeForm);
  for (const time of [requestTimeEpoch, connectedAt]) assert.ok(Number.isSafeInteger(time) && time > 1.6e12);
  assert.ok(isIP(identity.sourceIp) > 0);
  assert.equal(identity.userAgent, "conformance");
}

const authorizerCases = [
  probe("an authorizer's event has these members and no others", "observed", async (target) => {
    assert.deepEqual(members(await authorizerEvent(target)), [
      "headers",
      "methodArn",
      "multiValueHeaders",
      "multiValueQueryStringParameters",
      "queryStringParameters",
      "requestContext",
      "stageVariables",
      "type",
    ]);
  }),
  probe("an authorizer's event is of type REQUEST", "documented", async (target) => {
    assert.equal((await authorizerEvent(target)).type, "REQUEST");
  }),
  probe(
    "an authorizer's methodArn ends with stage and $connect, without an HTTP method",
    "documented",
    async (target) => {
      const { methodArn, requestContext } = await authorizerEvent(target);
      assert.match(methodArn, /^arn:aws[a-z-]*:execute-api:[a-z0-9-]+:\d{12}:[a-z0-9]+\/events\/\$connect$/);
      assert.equal(methodArn.split(":")[5], `${requestContext.apiId}/events/$connect`);
    },
  ),
  probe("an authorizer's request context has these members and no others", "observed", async (target) => {
    assert.deepEqual(members((await authorizerEvent(target)).requestContext), contextMembers);
  }),
  probe("an authorizer's request context is that of $connect", "observed", async (target) => {
    assertContext(await authorizerEvent(target), "$connect", "CONNECT");
  }),
  probe("an authorizer sees no query as two empty objects", "observed", async (target) => {
    const { queryStringParameters, multiValueQueryStringParameters } = await authorizerEvent(target);
    assert.deepEqual([queryStringParameters, multiValueQueryStringParameters], [{}, {}]);
  }),
  probe("an authorizer sees stage variables as an object, empty without any", "observed", async (target) => {
    assert.deepEqual((await authorizerEvent(target)).stageVariables, {});
  }),
  probe(
    "an authorizer sees every value of a query parameter, and the last alone",
    "documented",
    async (target) => {
      const event = await authorizerEvent(target, { query: "a=1&a=2&b=" });
      assert.deepEqual(event.multiValueQueryStringParameters, { a: ["1", "2"], b: [""] });
      assert.deepEqual(event.queryStringParameters, { a: "2", b: "" });
    },
  ),
  probe("an authorizer sees a query decoded", "unconfirmed", async (target) => {
    const event = await authorizerEvent(target, { query: "name=a%20b%26c" });
    assert.deepEqual(event.queryStringParameters, { name: "a b&c" });
  }),
  probe("an authorizer sees the handshake's own headers", "observed", async (target) => {
    const { headers } = await authorizerEvent(target);
    for (const name of ["sec-websocket-key", "sec-websocket-extensions"])
      assert.equal(typeof headerValue(headers, name), "string", name);
    assert.equal(headerValue(headers, "sec-websocket-version"), "13");
    assert.equal(headerValue(headers, "upgrade"), "websocket");
    assert.equal(String(headerValue(headers, "connection")).toLowerCase(), "upgrade");
    assert.equal(headers["content-length"], "0");
  }),
  probe("an authorizer sees the headers that API Gateway adds", "observed", async (target) => {
    const { headers, requestContext } = await authorizerEvent(target);
    for (const name of added) assert.equal(typeof headers[name], "string", name);
    assert.equal(headers.Host, requestContext.domainName);
    assert.match(headers["X-Amzn-Trace-Id"], /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}/);
    assert.deepEqual([headers["X-Forwarded-Port"], headers["X-Forwarded-Proto"]], ["443", "https"]);
  }),
  probe("an authorizer sees header names in the client's letter case", "observed", async (target) => {
    const { headers, multiValueHeaders } = await authorizerEvent(target, {
      headers: { "x-PrObE-cAsE": "1" },
    });
    assert.equal(headers["x-PrObE-cAsE"], "1");
    assert.deepEqual(multiValueHeaders["x-PrObE-cAsE"], ["1"]);
  }),
  probe("an authorizer sees each header once more as a list", "documented", async (target) => {
    const { headers, multiValueHeaders } = await authorizerEvent(target);
    assert.deepEqual(members(multiValueHeaders), members(headers));
    for (const [name, values] of Object.entries<string[]>(multiValueHeaders))
      assert.equal(values.at(-1), headers[name]);
  }),
  probe("an authorizer sees the subprotocols that the client offers", "observed", async (target) => {
    const { headers } = await authorizerEvent(target, { headers: { "Sec-WebSocket-Protocol": "app.v1" } });
    assert.equal(headerValue(headers, "sec-websocket-protocol"), "app.v1");
  }),
];

const connectCases = [
  probe("a $connect event has these members and no others", "observed", async (target) => {
    const { connectEvent } = await watchedEvents(target);
    assert.deepEqual(members(connectEvent), [
      "headers",
      "isBase64Encoded",
      "multiValueHeaders",
      "multiValueQueryStringParameters",
      "queryStringParameters",
      "requestContext",
    ]);
    assert.equal(connectEvent.isBase64Encoded, false);
  }),
  probe("a $connect event's request context has these members and no others", "observed", async (target) => {
    const { connectEvent } = await watchedEvents(target);
    assert.deepEqual(members(connectEvent.requestContext), contextWith("authorizer"));
    assertContext(connectEvent, "$connect", "CONNECT");
  }),
  probe(
    "a $connect event has the authorizer's context and how long it took, as a number",
    "observed",
    async (target) => {
      const { authorizer } = (await watchedEvents(target)).connectEvent.requestContext;
      assert.deepEqual(members(authorizer), [...identityMembers, "integrationLatency"].sort());
      assert.equal(typeof authorizer.integrationLatency, "number");
    },
  ),
  probe("a $connect event lacks three of the headers that the authorizer got", "observed", async (target) => {
    const { connectEvent } = await watchedEvents(target);
    const { headers } = JSON.parse(connectEvent.requestContext.authorizer.event);
    const dropped = ["connection", "upgrade", "content-length"];
    assert.deepEqual(
      members(connectEvent.headers),
      members(headers).filter((name) => !dropped.includes(name.toLowerCase())),
    );
  }),
  probe(
    "a $connect event has every value of a query parameter, and the last alone",
    "documented",
    async (target) => {
      const { connectEvent } = await watchedEvents(target, undefined, { query: "a=1&a=2" });
      assert.deepEqual(connectEvent.multiValueQueryStringParameters.a, ["1", "2"]);
      assert.equal(connectEvent.queryStringParameters.a, "2");
    },
  ),
  probe(
    "all events of a connection name the same one, opened at the same time",
    "observed",
    async (target) => {
      const events = Object.values(await watchedEvents(target));
      for (const member of ["connectionId", "connectedAt", "apiId", "domainName", "stage"]) {
        const values = events.map(({ requestContext }) => requestContext[member]);
        assert.equal(new Set(values).size, 1, `${member}: ${values}`);
      }
    },
  ),
  probe("each event of a connection has a request id of its own", "observed", async (target) => {
    const ids = Object.values(await watchedEvents(target)).map(
      ({ requestContext }) => requestContext.requestId,
    );
    assert.equal(new Set(ids).size, 3);
  }),
];

const messageCases = [
  probe("a message's event has these members and no others", "observed", async (target) => {
    assert.deepEqual(members(await messageEvent(target)), ["body", "isBase64Encoded", "requestContext"]);
  }),
  probe("a message's request context has these members and no others", "observed", async (target) => {
    const event = await messageEvent(target);
    assert.deepEqual(members(event.requestContext), contextWith("authorizer", "messageId"));
    assertContext(event, "$default", "MESSAGE");
    assert.match(event.requestContext.messageId, idForm);
  }),
  probe(
    "a message's event has the authorizer's context, and not how long it took",
    "observed",
    async (target) => {
      assert.deepEqual(members((await messageEvent(target)).requestContext.authorizer), identityMembers);
    },
  ),
  probe("numbers and booleans of an authorizer's context arrive as texts", "documented", async (target) => {
    const { text, number, boolean, principalId } = (await messageEvent(target)).requestContext.authorizer;
    assert.deepEqual([text, number, boolean, principalId], ["text", "7", "true", "probe"]);
  }),
  ...["hello", '{ "action" : 1 }', "Grüße, 世界"].map((body) =>
    probe(`a message's body is as it was sent: ${body}`, "observed", async (target) => {
      const event = await messageEvent(target, {}, body);
      assert.deepEqual([event.body, event.isBase64Encoded], [body, false]);
    }),
  ),
];

const disconnectCases = [
  probe("a $disconnect event has these members and no others", "observed", async (target) => {
    const { disconnectEvent } = await watchedEvents(target);
    assert.deepEqual(members(disconnectEvent), [
      "headers",
      "isBase64Encoded",
      "multiValueHeaders",
      "requestContext",
    ]);
    assert.equal(disconnectEvent.isBase64Encoded, false);
  }),
  probe(
    "a $disconnect event's request context has these members and no others",
    "observed",
    async (target) => {
      const { disconnectEvent } = await watchedEvents(target);
      assert.deepEqual(
        members(disconnectEvent.requestContext),
        contextWith("authorizer", "disconnectReason", "disconnectStatusCode"),
      );
      assertContext(disconnectEvent, "$disconnect", "DISCONNECT");
    },
  ),
  probe("a $disconnect event has four headers, three of them empty", "observed", async (target) => {
    const { disconnectEvent } = await watchedEvents(target);
    const { domainName } = disconnectEvent.requestContext;
    assert.deepEqual(disconnectEvent.headers, {
      Host: domainName,
      "x-api-key": "",
      "X-Forwarded-For": "",
      "x-restapi": "",
    });
  }),
  probe("a $disconnect event has the authorizer's context", "observed", async (target) => {
    const { authorizer } = (await watchedEvents(target)).disconnectEvent.requestContext;
    assert.deepEqual(members(authorizer), identityMembers);
  }),
  probe("a $disconnect event tells the client's code and reason", "observed", async (target) => {
    const { requestContext } = (await watchedEvents(target)).disconnectEvent;
    const { disconnectStatusCode, disconnectReason } = requestContext;
    assert.deepEqual([disconnectStatusCode, disconnectReason], [1000, "done"]);
  }),
  probe("a client that closes without a code is told of as 1005", "observed", async (target) => {
    const { disconnectEvent } = await watchedEvents(target, ({ socket }) => socket.close());
    const { disconnectStatusCode, disconnectReason } = disconnectEvent.requestContext;
    assert.deepEqual(
      [disconnectStatusCode, disconnectReason],
      [1005, "Client-side close frame status not set"],
    );
  }),
  probe("a browser that leaves the page is told of as 1001 without a reason", "observed", async (target) => {
    const { disconnectEvent } = await watchedEvents(target, ({ socket }) => socket.close(1001));
    const { disconnectStatusCode, disconnectReason } = disconnectEvent.requestContext;
    assert.deepEqual([disconnectStatusCode, disconnectReason], [1001, ""]);
  }),
  factWith("probeUrls", "credentials")(
    "a DELETE fires $disconnect with 1000 Connection Closed Normally",
    "observed",
    async (target) => {
      // The probe has no domain of its own: its endpoint is its URL.
      const managementEndpoint = target.probeUrls.events.replace(/^ws/, "http");
      const { disconnectEvent } = await watchedEvents(target, (_, connectionId) =>
        manage({ ...target, managementEndpoint }, { connectionId, method: "DELETE" }),
      );
      const { disconnectStatusCode, disconnectReason } = disconnectEvent.requestContext;
      assert.deepEqual([disconnectStatusCode, disconnectReason], [1000, "Connection Closed Normally"]);
    },
  ),
];

export const eventCases = [...authorizerCases, ...connectCases, ...messageCases, ...disconnectCases];
