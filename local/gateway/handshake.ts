import type { IncomingMessage } from "node:http";
import { headerPairs } from "../http/header-pairs.ts";
import { newId } from "./ids.ts";

type MultiValues = Readonly<Record<string, readonly string[]>>;

/** What stays known of a client while its connection is open. */
export interface Client {
  readonly connectionId: string;
  readonly connectedAt: number;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
}

/** A client's request to open a connection, before anything is decided about it. */
export interface Handshake extends Client {
  /** First part of the path. */
  readonly stageName: string;
  /** Names as the client spelled them. */
  readonly headers: MultiValues;
  readonly query: MultiValues;
}

export function readHandshake(request: IncomingMessage, now: number): Handshake {
  const [path = "", ...query] = (request.url ?? "").split("?");
  return {
    connectionId: newId(),
    connectedAt: now,
    stageName: path.split("/")[1] ?? "",
    headers: grouped(headerPairs(request.rawHeaders)),
    query: grouped([...new URLSearchParams(query.join("?"))]),
    sourceIp: (request.socket.remoteAddress ?? "").replace(/^::ffff:/, ""),
    userAgent: request.headers["user-agent"],
  };
}

/**
 * Whether a request is a WebSocket handshake by its form (RFC 6455, section 4.2.1). When AWS looks at this is
 * unconfirmed: here it is before the authorizer is asked, so that no `$connect` stays without its `$disconnect`.
 */
export function isWebSocketHandshake({ method, headers }: IncomingMessage): boolean {
  const { upgrade = "", "sec-websocket-key": key = "", "sec-websocket-version": version = "" } = headers;
  return (
    method === "GET" &&
    upgrade.toLowerCase() === "websocket" &&
    /^[+/0-9A-Za-z]{22}==$/.test(key) &&
    ["8", "13"].includes(version)
  );
}

/** Without the headers, of which one may be a token, and without the query. */
export function clientOf({ connectionId, connectedAt, sourceIp, userAgent }: Handshake): Client {
  return { connectionId, connectedAt, sourceIp, userAgent };
}

/** Every value of every name, in order. */
function grouped(entries: [string, string][]): MultiValues {
  const groups = Object.groupBy(entries, ([name]) => name);
  return Object.fromEntries(
    Object.entries(groups).map(([name, group = []]) => [name, group.map(([, value]) => value)]),
  );
}
