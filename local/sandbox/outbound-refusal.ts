import dgram from "node:dgram";
import dns from "node:dns";
import net from "node:net";
import { type EmulatedHosts, isEmulated } from "./emulated-hosts.ts";
import { replaceProperty, type Undo } from "./property-replacement.ts";

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** The error that an outbound call to `target` fails with. */
export function refusal(hosts: EmulatedHosts, target: string): Error {
  const reason = isEmulated(hosts, target)
    ? "emulated AWS hosts are reachable locally only through node:https and fetch"
    : `only emulated AWS hosts are reachable locally (${Object.keys(hosts).join(", ") || "there are none"})`;
  return new Error(`outbound call to ${target} refused: ${reason}`);
}

/** What a refusal names when this host and port are out of reach; undefined for an emulator's own port. */
export function refusedTarget(hosts: EmulatedHosts, host: string, port: number): string | undefined {
  if (!isLoopback(host)) return host;
  const isEmulator = Object.values(hosts).some((emulator) => emulator.port === port);
  return isEmulator ? undefined : `${host}:${port}`;
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

/**
 * Closes the ways out of this thread: sockets (http, https, http2, tls, and fetch go through them), datagrams,
 * name look-ups and WebSocket. Only the emulators' own loopback ports stay open.
 */
export function refuseOutboundCalls(hosts: EmulatedHosts): Undo[] {
  return [refuseSockets(hosts), ...refuseDatagrams(hosts), ...refuseLookups(hosts), refuseWebSockets(hosts)];
}

function refuseSockets(hosts: EmulatedHosts): Undo {
  const connect = net.Socket.prototype.connect as unknown as AnyFunction;
  return replaceProperty(net.Socket.prototype, "connect", function (this: net.Socket, ...args: unknown[]) {
    const { host, port, path } = socketTarget(args);
    const refused = path ?? refusedTarget(hosts, host, port);
    if (refused === undefined) return connect.apply(this, args);
    process.nextTick(() => this.destroy(refusal(hosts, refused)));
    return this;
  });
}

interface SocketTarget {
  readonly host: string;
  readonly port: number;
  readonly path?: string;
}

/** Reads `(options)`, `(port, host?)`, `(path)`, and the array that `net.connect` makes of them. */
function socketTarget(args: readonly unknown[]): SocketTarget {
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof first === "object" && first !== null) {
    const { host = "localhost", port, path } = first as Partial<SocketTarget>;
    return { host: host || "localhost", port: Number(port), ...(path && !port && { path }) };
  }
  const host = typeof second === "string" ? second : "localhost";
  if (Number.isNaN(Number(first))) return { host, port: Number.NaN, path: String(first) };
  return { host, port: Number(first) };
}

function refuseDatagrams(hosts: EmulatedHosts): Undo[] {
  return ["send", "connect"].map((name) =>
    replaceProperty(dgram.Socket.prototype, name, function (this: dgram.Socket, ...args: unknown[]) {
      const address = args.findLast((value, index) => index > 0 && typeof value === "string");
      const error = refusal(hosts, String(address ?? "localhost"));
      const callback = args.at(-1);
      if (typeof callback === "function") process.nextTick(callback, error);
      else process.nextTick(() => this.emit("error", error));
    }),
  );
}

function refuseLookups(hosts: EmulatedHosts): Undo[] {
  const withCallback = [dns, dns.Resolver.prototype].flatMap((target) =>
    lookupNames(target).map((name) => {
      const original = Reflect.get(target, name) as AnyFunction;
      return replaceProperty(target, name, function (this: unknown, ...args: unknown[]) {
        if (isLoopback(String(args[0]))) return original.apply(this, args);
        return process.nextTick(args.at(-1) as () => void, refusal(hosts, String(args[0])));
      });
    }),
  );
  const withPromise = [dns.promises, dns.promises.Resolver.prototype].flatMap((target) =>
    lookupNames(target).map((name) => {
      const original = Reflect.get(target, name) as AnyFunction;
      return replaceProperty(target, name, async function (this: unknown, ...args: unknown[]) {
        if (isLoopback(String(args[0]))) return original.apply(this, args);
        throw refusal(hosts, String(args[0]));
      });
    }),
  );
  return [...withCallback, ...withPromise];
}

function lookupNames(target: object): string[] {
  return Object.getOwnPropertyNames(target).filter((name) => /^(lookup|resolve|reverse)/.test(name));
}

function refuseWebSockets(hosts: EmulatedHosts): Undo {
  return replaceProperty(
    globalThis,
    "WebSocket",
    class WebSocket {
      constructor(url: string | URL) {
        throw refusal(hosts, new URL(url).hostname);
      }
    },
  );
}
