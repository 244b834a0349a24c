// node load-clients.ts: WebSocket clients, as each message from the parent says
import { once } from "node:events";
import { WebSocket } from "ws";
import type { ClientCommand, Endpoint } from "../load-clients.ts";

/** Open connections by the name of their server. */
const connections = new Map<string, WebSocket[]>();

process.on("message", async (command: ClientCommand) => {
  try {
    process.send?.({ value: await execute(command) });
  } catch (error) {
    process.send?.({ failure: `${command.server}: ${(error as Error).message}` });
  }
});
process.once("disconnect", () => process.exit());

function execute(command: ClientCommand): Promise<number> {
  if (command.type === "open")
    return openAll(command.server, command.endpoint, command.count, command.atOnce);
  const sockets = connections.get(command.server) ?? [];
  if (command.type === "close") {
    connections.delete(command.server);
    return closeAll(sockets, command.atOnce);
  }
  return exchange(sockets, command.depth, command.durationMs);
}

/** @returns milliseconds */
async function openAll(server: string, endpoint: Endpoint, count: number, atOnce: number): Promise<number> {
  const opened = connections.get(server) ?? [];
  connections.set(server, opened);
  let started = 0;
  const startedAt = performance.now();
  const openSome = async () => {
    while (started < count) opened.push(await open(endpoint, started++));
  };
  await Promise.all(Array.from({ length: atOnce }, openSome));
  return performance.now() - startedAt;
}

async function open({ url, headers }: Endpoint, index: number): Promise<WebSocket> {
  const socket = new WebSocket(url, { headers: { ...headers }, localAddress: localAddress(index) });
  await once(socket, "open");
  return socket;
}

/** Linux has all of 127.0.0.0/8 on loopback: several addresses have several times the ports. */
function localAddress(index: number): string {
  return process.platform === "linux" ? `127.0.0.${1 + (index % 4)}` : "127.0.0.1";
}

async function closeAll(sockets: readonly WebSocket[], atOnce: number): Promise<number> {
  const waiting = sockets.values();
  const closeSome = async () => {
    for (const socket of waiting) {
      const closed = once(socket, "close");
      socket.close(1000);
      await closed;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, closeSome));
  return sockets.length;
}

/**
 * Keeps `depth` messages of every connection under way, each unlike any other, and checks every answer.
 * @returns answers per second
 */
async function exchange(sockets: readonly WebSocket[], depth: number, durationMs: number): Promise<number> {
  const startedAt = performance.now();
  const endsAt = startedAt + durationMs;
  const counts = await Promise.all(sockets.map((socket, i) => exchangeOn(socket, i, depth, endsAt)));
  return (counts.reduce((sum, count) => sum + count, 0) / durationMs) * 1000;
}

let sent = 0;

/** @returns how many answers came in time; later ones are awaited and checked, but not counted */
async function exchangeOn(socket: WebSocket, index: number, depth: number, endsAt: number): Promise<number> {
  const expected = new Set<string>();
  let count = 0;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const send = () => {
    const message = `message ${++sent} of connection ${index}, and some more text to it`;
    expected.add(JSON.stringify({ action: "sendmessage", from: "alice", message }));
    socket.send(JSON.stringify({ action: "sendmessage", message }));
  };
  const receive = (data: { toString(): string }) => {
    const answer = data.toString();
    if (!expected.delete(answer)) reject(new Error(`answered ${answer}`));
    if (performance.now() < endsAt) {
      count += 1;
      send();
    } else if (expected.size === 0) resolve();
  };
  const fail = (code: number) => reject(new Error(`closed a connection with ${code}`));
  socket.on("message", receive).once("close", fail);
  for (let i = 0; i < depth; i++) send();
  await promise;
  socket.off("message", receive).off("close", fail);
  return count;
}
