import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Opens a connection as a client that then takes in what it gets and answers nothing, a close neither. */
export async function openDeaf(url: string, token?: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(handshakeText(url, token));
  const [answer] = await once(socket, "data");
  assert.match(answer.toString(), /^HTTP\/1\.1 101 /);
  return socket;
}

/** The bytes with which a client asks for a connection. */
export function handshakeText(url: string, token?: string): string {
  const lines = [
    `GET ${new URL(url).pathname} HTTP/1.1`,
    "Host: localhost",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...(token ? [`Authorization: ${token}`] : []),
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}
