import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { handshakeText } from "../local/deaf-client.ts";
import { manage } from "../local/management-call.ts";
import type { RawClientPlan } from "./plan.ts";
import { tokenOf } from "./soak-token.ts";
import type { SoakWorld } from "./soak-world.ts";

/** Lives the life of a client that speaks with bytes alone: it stops half-way, does not answer, or is gone at once. */
export async function liveRaw(plan: RawClientPlan, world: SoakWorld): Promise<void> {
  world.ledger.count(`raw ${plan.kind}`);
  const { hostname, port } = new URL(world.url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  // A reset is one of the ways in which the server may end it.
  socket.on("error", () => {});
  const closed = once(socket, "close").catch(() => {});
  try {
    await once(socket, "connect");
    await lives[plan.kind](socket, plan, world);
    world.arrivals.add(plan.name);
    if (plan.staysMs === Number.POSITIVE_INFINITY) {
      socket.resume();
      await world.closed;
      await world.watchdog.during(`${plan.name}: cut`, ended(socket));
    }
  } finally {
    socket.destroy();
    await closed;
  }
}

type Life = (socket: Socket, plan: RawClientPlan, world: SoakWorld) => Promise<void>;

const lives: Readonly<Record<RawClientPlan["kind"], Life>> = {
  silent: async (_, plan) => stay(plan),
  halfRequest: async (socket, plan, { url }) => {
    socket.write(handshakeText(url).slice(0, 60));
    await stay(plan);
  },
  vanishing: async (socket, { name, staysMs }, { url, ledger }) => {
    ledger.expectEnd(name, [1006]);
    socket.write(handshakeText(url, tokenOf("good", name)));
    await delay(Math.min(staysMs, 100) / 10);
  },
  halfClosing: async (socket, plan, world) => {
    if (!(await isOpened(socket, plan, world, [1006]))) return;
    socket.end();
    await world.watchdog.during(`${plan.name}: the server's end`, ended(socket));
  },
  deaf: async (socket, plan, world) => {
    const isStaying = plan.staysMs === Number.POSITIVE_INFINITY;
    if (!(await isOpened(socket, plan, world, [isStaying ? 1001 : 1000]))) return;
    if (isStaying) return;
    await stay(plan);
    const connectionId = world.ledger.connectionOf(plan.name) ?? "";
    const { status } = await manage(world.stack, { method: "DELETE", connectionId });
    if (status !== 204) world.ledger.violate(`${plan.name}: DELETE got ${status}`);
    await world.watchdog.during(`${plan.name}: cut`, ended(socket));
  },
  garbage: async (socket, plan, world) => {
    if (!(await isOpened(socket, plan, world, [1002, 1006]))) return;
    // A frame without a mask, which a client must not send.
    socket.write(Buffer.from([0x81, 0x02, 0x68, 0x69]));
    await world.watchdog.during(`${plan.name}: the server's end`, ended(socket));
  },
  lingering: async (socket, plan, { url, ledger, watchdog }) => {
    socket.write(handshakeText(url, tokenOf("garbage", plan.name)));
    const answer = await watchdog.during(`${plan.name}: the refusal`, answerOf(socket));
    if (!/^HTTP\/1\.1 (401|429|500) /.test(answer)) ledger.violate(`${plan.name} got ${answer.slice(0, 40)}`);
    await stay(plan);
  },
};

/** Whether the handshake went well, as it does unless a fault hits it. */
async function isOpened(
  socket: Socket,
  { name }: RawClientPlan,
  { url, ledger, watchdog }: SoakWorld,
  codes: readonly number[],
): Promise<boolean> {
  ledger.expectEnd(name, codes);
  socket.write(handshakeText(url, tokenOf("good", name)));
  const answer = await watchdog.during(`${name}: handshake`, answerOf(socket));
  const status = answer.slice("HTTP/1.1 ".length, "HTTP/1.1 101".length);
  if (!["101", "429", "500", "502"].includes(status)) ledger.violate(`${name} got ${answer.slice(0, 40)}`);
  return status === "101";
}

async function answerOf(socket: Socket): Promise<string> {
  const [bytes] = await once(socket, "data");
  socket.resume();
  return String(bytes);
}

async function ended(socket: Socket): Promise<void> {
  if (!socket.readableEnded && !socket.destroyed)
    await Promise.race([once(socket, "end"), once(socket, "close")]);
}

async function stay({ staysMs }: RawClientPlan): Promise<void> {
  if (staysMs !== Number.POSITIVE_INFINITY) await delay(staysMs);
}
