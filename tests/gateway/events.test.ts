import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { authorizerEvent, connectEvent, disconnectEvent, messageEvent } from "../../local/gateway/events.ts";
import { api, handshake } from "./api-fixture.ts";

const identity = { principalId: "sub-1", username: "alice" };
const facts = { api, handshake, identity };
const idPattern = /^[\w-]{15}=$/;

type Context = Readonly<Record<string, unknown>>;

/** The members that differ from event to event, checked, and the rest of the context. */
function fixedContext({ requestContext }: { requestContext?: unknown }): Context {
  const { requestId, extendedRequestId, requestTime, requestTimeEpoch, ...fixed } = requestContext as Context;
  assert.match(requestId as string, idPattern);
  assert.equal(extendedRequestId, requestId);
  assert.match(requestTime as string, /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
  const time = (requestTime as string).replaceAll("/", " ").replace(":", " ");
  assert.equal(Date.parse(time), Math.floor((requestTimeEpoch as number) / 1000) * 1000);
  return fixed;
}

/** The context that all events of the connection share. */
const connectionContext = {
  messageDirection: "IN",
  stage: "prod",
  connectedAt: handshake.connectedAt,
  identity: { userAgent: "client/1.0", sourceIp: "127.0.0.1" },
  domainName: "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
  connectionId: "TXzPWdnOjoECGjA=",
  apiId: "a1b2c3d4e5",
};

/** The headers with the trace id, which is new each time, checked and left out. */
function withoutTrace<T>(headers: unknown): Readonly<Record<string, T>> {
  const { "X-Amzn-Trace-Id": trace, ...others } = headers as Record<string, T>;
  assert.match(String(trace), /^Root=1-63c9b276-[0-9a-f]{24}$/);
  return others;
}

const connectHeaders = {
  "Sec-WebSocket-Version": ["13"],
  "Sec-WebSocket-Key": ["dGhlIHNhbXBsZSBub25jZQ=="],
  AUTHORIZATION: ["Bearer token"],
  "x-many": ["first", "last"],
  "user-agent": ["client/1.0"],
  Host: ["a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"],
  "X-Forwarded-For": ["127.0.0.1"],
  "X-Forwarded-Port": ["443"],
  "X-Forwarded-Proto": ["https"],
};

function lastOfEach(headers: Readonly<Record<string, readonly string[]>>) {
  return Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values.at(-1)]));
}

describe("the authorizer's event", () => {
  const { headers, multiValueHeaders, requestContext, ...event } = authorizerEvent({ api, handshake });

  it("has these members and no others", () => {
    assert.deepEqual(event, {
      type: "REQUEST",
      methodArn: "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/$connect",
      queryStringParameters: {},
      multiValueQueryStringParameters: {},
      stageVariables: {},
    });
  });

  it("has the client's headers as it spelled them, with the addresses in API Gateway's words", () => {
    const expected = {
      ...connectHeaders,
      Connection: ["Upgrade"],
      UPGRADE: ["websocket"],
      "content-length": ["0"],
    };
    assert.deepEqual(withoutTrace(multiValueHeaders), expected);
    assert.deepEqual(withoutTrace(headers), lastOfEach(expected));
  });

  it("says that a client connects, and nothing of an identity", () => {
    assert.deepEqual(fixedContext({ requestContext }), {
      ...connectionContext,
      routeKey: "$connect",
      eventType: "CONNECT",
    });
  });

  it("has every value of the query string", () => {
    const event = authorizerEvent({
      api,
      handshake: { ...handshake, query: { a: ["1", "2"], token: [""] } },
    });
    assert.deepEqual(event.queryStringParameters, { a: "2", token: "" });
    assert.deepEqual(event.multiValueQueryStringParameters, { a: ["1", "2"], token: [""] });
  });

  it("has the stage variables", () => {
    const event = authorizerEvent({ api: { ...api, stageVariables: { color: "blue" } }, handshake });
    assert.deepEqual(event.stageVariables, { color: "blue" });
  });

  it("has no user agent where the client sent none", () => {
    const { requestContext } = authorizerEvent({ api, handshake: { ...handshake, userAgent: undefined } });
    assert.deepEqual((requestContext as Context).identity, { sourceIp: "127.0.0.1" });
  });
});

describe("the event of $connect", () => {
  const { headers, multiValueHeaders, requestContext, ...event } = connectEvent(facts, 17);

  it("has these members and no others", () => {
    assert.deepEqual(event, { isBase64Encoded: false });
  });

  it("has the client's headers without those of the upgrade", () => {
    assert.deepEqual(withoutTrace(multiValueHeaders), connectHeaders);
    assert.deepEqual(withoutTrace(headers), lastOfEach(connectHeaders));
  });

  it("has the identity, and how long the authorizer took", () => {
    assert.deepEqual(fixedContext({ requestContext }), {
      ...connectionContext,
      routeKey: "$connect",
      eventType: "CONNECT",
      authorizer: { principalId: "sub-1", username: "alice", integrationLatency: 17 },
    });
  });

  it("has no authorizer in an open API", () => {
    assert.deepEqual(fixedContext(connectEvent({ api, handshake }, 0)), {
      ...connectionContext,
      routeKey: "$connect",
      eventType: "CONNECT",
    });
  });

  it("has the query string and the stage variables only where there are any", () => {
    const { headers, multiValueHeaders, requestContext, ...event } = connectEvent(
      {
        api: { ...api, stageVariables: { color: "blue" } },
        handshake: { ...handshake, query: { a: ["1", "2"] } },
      },
      0,
    );
    assert.deepEqual(event, {
      queryStringParameters: { a: "2" },
      multiValueQueryStringParameters: { a: ["1", "2"] },
      stageVariables: { color: "blue" },
      isBase64Encoded: false,
    });
  });
});

describe("the event of a message", () => {
  it("has its context, its body and nothing else", () => {
    const { requestContext, ...event } = messageEvent(facts, "join", '{"action": "join"}');
    assert.deepEqual(event, { body: '{"action": "join"}', isBase64Encoded: false });
    const { messageId, ...context } = fixedContext({ requestContext });
    assert.match(messageId as string, idPattern);
    assert.deepEqual(context, {
      ...connectionContext,
      routeKey: "join",
      eventType: "MESSAGE",
      authorizer: identity,
    });
  });

  it("has no authorizer in an open API", () => {
    const { messageId, ...context } = fixedContext(messageEvent({ api, handshake }, "join", "{}"));
    assert.deepEqual(context, { ...connectionContext, routeKey: "join", eventType: "MESSAGE" });
  });

  it("has the stage variables where there are any", () => {
    const event = messageEvent(
      { api: { ...api, stageVariables: { color: "blue" } }, handshake },
      "join",
      "{}",
    );
    assert.deepEqual(event.stageVariables, { color: "blue" });
  });

  it("has an id of its own, message and request", () => {
    const ids = [1, 2].flatMap(() => {
      const { requestId, messageId } = messageEvent(facts, "join", "{}").requestContext as Context;
      return [requestId, messageId];
    });
    assert.equal(new Set(ids).size, 4);
  });
});

describe("the event of $disconnect", () => {
  const { headers, multiValueHeaders, requestContext, ...event } = disconnectEvent(facts, 1001, "Going away");

  it("has these members and no others", () => {
    assert.deepEqual(event, { isBase64Encoded: false });
  });

  it("has four headers, none of them the client's", () => {
    const expected = {
      Host: [api.domainName],
      "x-api-key": [""],
      "X-Forwarded-For": [""],
      "x-restapi": [""],
    };
    assert.deepEqual(multiValueHeaders, expected);
    assert.deepEqual(headers, lastOfEach(expected));
  });

  it("says how the connection ended, and whose it was", () => {
    assert.deepEqual(fixedContext({ requestContext }), {
      ...connectionContext,
      routeKey: "$disconnect",
      eventType: "DISCONNECT",
      disconnectStatusCode: 1001,
      disconnectReason: "Going away",
      authorizer: identity,
    });
  });
});
