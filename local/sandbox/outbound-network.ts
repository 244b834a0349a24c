import http from "node:http";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import { urlToHttpOptions } from "node:url";
import { headerPairs } from "../http/header-pairs.ts";
import { type EmulatedHosts, emulatedPort } from "./emulated-hosts.ts";
import { refusal, refusedTarget, refuseOutboundCalls } from "./outbound-refusal.ts";
import { replaceProperty, type Undo } from "./property-replacement.ts";

/** `refuseOthers: false` only redirects, for a process that needs its own sockets. */
export interface RedirectOptions {
  readonly refuseOthers: boolean;
}

interface Redirect {
  readonly hosts: EmulatedHosts;
  readonly options: RedirectOptions;
}

const redirects: Redirect[] = [];
let undos: Undo[] = [];

/**
 * Sends this thread's `https` and `fetch` calls for the emulated hosts to their local ports, with the AWS name
 * kept in `Host`; with `refuseOthers`, every other outbound call fails with an error that names its target.
 * The latest call is in force. The function it returns takes it back; calling that twice is harmless.
 */
export function redirectOutboundNetwork(hosts: EmulatedHosts, options: RedirectOptions): () => void {
  const redirect = { hosts, options };
  redirects.push(redirect);
  applyLatest();
  return () => {
    const index = redirects.indexOf(redirect);
    if (index === -1) return;
    redirects.splice(index, 1);
    applyLatest();
  };
}

function applyLatest(): void {
  for (const undo of undos.reverse()) undo();
  undos = [];
  const latest = redirects.at(-1);
  if (latest) {
    if (latest.options.refuseOthers) undos.push(...refuseOutboundCalls(latest.hosts));
    undos.push(...redirectHttps(latest.hosts), redirectFetch(latest));
  }
  syncBuiltinESMExports();
}

function redirectHttps(hosts: EmulatedHosts): Undo[] {
  const agent = new http.Agent({ keepAlive: true });
  const original = https.request as (...args: unknown[]) => http.ClientRequest;
  const request = (...args: unknown[]): http.ClientRequest => {
    const { options, callback } = requestArguments(args);
    const hostname = String(options.hostname ?? options.host ?? "localhost").toLowerCase();
    const local = emulatedPort(hosts, hostname, options.port);
    if (local === undefined) return original(...args);
    return http.request(localOptions(options, hostname, local, agent), callback);
  };
  const get = (...args: unknown[]): http.ClientRequest => request(...args).end();
  return [
    replaceProperty(https, "request", request),
    replaceProperty(https, "get", get),
    () => agent.destroy(),
  ];
}

/** Reads the two argument styles of `https.request`: `(url, options?, callback?)` and `(options, callback?)`. */
function requestArguments(args: readonly unknown[]): {
  options: https.RequestOptions;
  callback?: (response: http.IncomingMessage) => void;
} {
  const rest = [...args];
  let options: https.RequestOptions = {};
  if (typeof rest[0] === "string") options = urlToHttpOptions(new URL(rest.shift() as string));
  else if (rest[0] instanceof URL) options = urlToHttpOptions(rest.shift() as URL);
  if (typeof rest[0] === "object") options = { ...options, ...(rest.shift() as https.RequestOptions) };
  const callback = rest.find((value) => typeof value === "function");
  return { options, ...(callback && { callback: callback as (response: http.IncomingMessage) => void }) };
}

/** Drops what belongs to a TLS connection, the caller's https agent included. */
function localOptions(
  options: https.RequestOptions,
  hostname: string,
  port: number,
  agent: http.Agent,
): http.RequestOptions {
  const { createConnection, lookup, socketPath, defaultPort, family, localAddress, ...kept } = options;
  const headers = withHost(options.headers, hostname);
  return { ...kept, protocol: "http:", host: "127.0.0.1", hostname: "127.0.0.1", port, agent, headers };
}

/** The caller's own `Host`, in any letter case, comes last and wins. */
function withHost(headers: https.RequestOptions["headers"], hostname: string): http.OutgoingHttpHeaders {
  const given = Array.isArray(headers) ? headerPairs(headers) : Object.entries(headers ?? {});
  return Object.fromEntries([["Host", hostname], ...given]);
}

function redirectFetch({ hosts, options }: Redirect): Undo {
  const original = globalThis.fetch;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const isEmulated = url.protocol === "https:" && emulatedPort(hosts, url.hostname, url.port) !== undefined;
    if (isEmulated) return fetchWithHttps(request);
    const isNetworkCall = url.protocol === "https:" || url.protocol === "http:";
    const refused = isNetworkCall ? refusedTarget(hosts, url.hostname, Number(url.port)) : undefined;
    if (options.refuseOthers && refused !== undefined) throw refusal(hosts, refused);
    return original(request);
  };
  return replaceProperty(globalThis, "fetch", fetch);
}

/** Node.js leaves a `Host` header out of what `fetch` sends, so an emulated host is called with `https`. */
async function fetchWithHttps(request: Request): Promise<Response> {
  const { method, signal } = request;
  const body = Buffer.from(await request.arrayBuffer());
  const headers = Object.fromEntries(request.headers);
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  https.request(request.url, { method, headers, signal }, resolve).on("error", reject).end(body);
  const response = await promise;
  const bytes = Buffer.concat(await response.toArray());
  const { statusCode = 500, statusMessage = "" } = response;
  const responseHeaders = headerPairs(response.rawHeaders);
  return new Response(bytes.length > 0 ? bytes : null, {
    status: statusCode,
    statusText: statusMessage,
    headers: responseHeaders,
  });
}
