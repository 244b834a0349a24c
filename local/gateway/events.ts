import { randomBytes } from "node:crypto";
import type { DeployedApi } from "./deployed-api.ts";
import type { Client, Handshake } from "./handshake.ts";
import { newId } from "./ids.ts";

/** A connection, as events tell of it. */
export interface ConnectionFacts {
  readonly api: DeployedApi;
  readonly handshake: Client;
  /** Context values and `principalId` from the authorizer; undefined for an open API. */
  readonly identity?: Readonly<Record<string, string>> | undefined;
}

/** The same before the connection is open, with all that the client sent. */
export interface HandshakeFacts extends ConnectionFacts {
  readonly handshake: Handshake;
}

type Event = Readonly<Record<string, unknown>>;

/** What a Lambda REQUEST authorizer gets. */
export function authorizerEvent(facts: HandshakeFacts): Event {
  const { api, handshake } = facts;
  const headers = { ...forwardedHeaders(facts), "content-length": ["0"] };
  return {
    type: "REQUEST",
    methodArn: `${api.stageArn}/$connect`,
    headers: lastOfEach(headers),
    multiValueHeaders: headers,
    queryStringParameters: lastOfEach(handshake.query),
    multiValueQueryStringParameters: handshake.query,
    stageVariables: api.stageVariables,
    requestContext: requestContext(facts, "$connect", "CONNECT"),
  };
}

/** What the `$connect` function gets. @param integrationLatencyMs how long the authorizer took */
export function connectEvent(facts: HandshakeFacts, integrationLatencyMs: number): Event {
  const dropped = ["connection", "upgrade", "content-length"];
  const headers = Object.fromEntries(
    Object.entries(forwardedHeaders(facts)).filter(([name]) => !dropped.includes(name.toLowerCase())),
  );
  const { query } = facts.handshake;
  return {
    headers: lastOfEach(headers),
    multiValueHeaders: headers,
    ...(Object.keys(query).length > 0 && {
      queryStringParameters: lastOfEach(query),
      multiValueQueryStringParameters: query,
    }),
    ...stageVariablesOf(facts.api),
    requestContext: requestContext(facts, "$connect", "CONNECT", {
      ...(facts.identity && { authorizer: { ...facts.identity, integrationLatency: integrationLatencyMs } }),
    }),
    isBase64Encoded: false,
  };
}

/** What a route's function gets for a message. */
export function messageEvent(facts: ConnectionFacts, routeKey: string, body: string): Event {
  return {
    ...stageVariablesOf(facts.api),
    requestContext: requestContext(facts, routeKey, "MESSAGE", {
      messageId: newId(),
      ...(facts.identity && { authorizer: facts.identity }),
    }),
    body,
    isBase64Encoded: false,
  };
}

/** What the `$disconnect` function gets. */
export function disconnectEvent(facts: ConnectionFacts, code: number, reason: string): Event {
  const headers = {
    Host: [facts.api.domainName],
    "x-api-key": [""],
    "X-Forwarded-For": [""],
    "x-restapi": [""],
  };
  return {
    headers: lastOfEach(headers),
    multiValueHeaders: headers,
    ...stageVariablesOf(facts.api),
    requestContext: requestContext(facts, "$disconnect", "DISCONNECT", {
      disconnectStatusCode: code,
      disconnectReason: reason,
      ...(facts.identity && { authorizer: facts.identity }),
    }),
    isBase64Encoded: false,
  };
}

function requestContext(
  { api, handshake }: ConnectionFacts,
  routeKey: string,
  eventType: string,
  more: Event = {},
): Event {
  const requestId = newId();
  const now = new Date();
  return {
    routeKey,
    ...more,
    eventType,
    extendedRequestId: requestId,
    requestTime: requestTimeOf(now),
    messageDirection: "IN",
    stage: api.stageName,
    connectedAt: handshake.connectedAt,
    requestTimeEpoch: now.getTime(),
    identity: {
      ...(handshake.userAgent !== undefined && { userAgent: handshake.userAgent }),
      sourceIp: handshake.sourceIp,
    },
    requestId,
    domainName: api.domainName,
    connectionId: handshake.connectionId,
    apiId: api.apiId,
  };
}

/** The client's headers with those that API Gateway puts in their place or beside them. */
function forwardedHeaders({ api, handshake }: HandshakeFacts): Record<string, readonly string[]> {
  const replaced = ["host", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto", "x-amzn-trace-id"];
  return {
    ...Object.fromEntries(
      Object.entries(handshake.headers).filter(([name]) => !replaced.includes(name.toLowerCase())),
    ),
    Host: [api.domainName],
    "X-Amzn-Trace-Id": [
      `Root=1-${Math.floor(handshake.connectedAt / 1000).toString(16)}-${randomBytes(12).toString("hex")}`,
    ],
    "X-Forwarded-For": [handshake.sourceIp],
    "X-Forwarded-Port": ["443"],
    "X-Forwarded-Proto": ["https"],
  };
}

function stageVariablesOf({ stageVariables }: DeployedApi): Event {
  return Object.keys(stageVariables).length > 0 ? { stageVariables } : {};
}

function lastOfEach(values: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list.at(-1) ?? ""]));
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Like `19/Jan/2023:21:13:26 +0000`. */
function requestTimeOf(date: Date): string {
  const day = String(date.getUTCDate()).padStart(2, "0");
  return `${day}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}:${date.toISOString().slice(11, 19)} +0000`;
}
