import { randomBytes } from "node:crypto";
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Target } from "./target.ts";

type Header = readonly [name: string, value: string];

export interface UpgradeRequest {
  /** Default: the target's. */
  readonly url?: string;
  /** Sent as they are spelled here, one by one. */
  readonly headers?: readonly Header[];
}

export interface UpgradeAnswer {
  /** 101 if the connection opened; it is closed again. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An empty close frame, masked as a client's must be. */
const closeFrame = Buffer.from([0x88, 0x80, 0, 0, 0, 0]);

/** Asks to open a connection, with full control of what is on the wire. */
export async function upgrade(
  target: Target,
  { url = target.url, headers = [] }: UpgradeRequest = {},
): Promise<UpgradeAnswer> {
  const handshake: Header[] = [
    ["Connection", "Upgrade"],
    ["Upgrade", "websocket"],
    ["Sec-WebSocket-Version", "13"],
    ["Sec-WebSocket-Key", randomBytes(16).toString("base64")],
  ];
  await target.admitted();
  return plainGet(url, [...handshake, ...headers]);
}

/** The status of a handshake with these headers. */
export async function statusOf(target: Target, ...headers: readonly Header[]): Promise<number> {
  return (await upgrade(target, { headers })).status;
}

/** Sends a GET; with the headers for it, that is a handshake. */
export async function plainGet(url: string, headers: readonly Header[] = []): Promise<UpgradeAnswer> {
  const { protocol, host, hostname, port, pathname, search } = new URL(url);
  const request = protocol === "wss:" ? httpsRequest : httpRequest;
  const { promise, resolve, reject } = Promise.withResolvers<UpgradeAnswer>();
  const finish = async (response: IncomingMessage) => {
    const body = Buffer.concat(await response.toArray()).toString();
    resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
  };
  request({
    hostname,
    port,
    path: `${pathname}${search}`,
    headers: [["Host", host], ...headers].flat(),
    agent: false,
  })
    .on("upgrade", (response, socket) => {
      socket.on("error", () => {}).end(closeFrame);
      socket.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: "" });
    })
    .on("response", (response) => void finish(response).catch(reject))
    .on("error", reject)
    .end();
  return promise;
}

/** The header that carries a token as clients should. */
export function bearer(token: string): Header {
  return ["Authorization", `Bearer ${token}`];
}

/** The header that offers subprotocols. */
export function offering(...protocols: string[]): Header {
  return ["Sec-WebSocket-Protocol", protocols.join(", ")];
}
