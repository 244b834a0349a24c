import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname } from "node:path";
import type { PageHandler } from "../gateway/gateway.ts";
import { isServedHost } from "../http/served-host.ts";
import { streamJournal } from "./event-stream.ts";
import type { Journal } from "./journal.ts";
import type { PageConfig } from "./page-config.ts";

export interface PageServerArgs {
  readonly journal: Journal;
  /** Read for each request, because a reload may change it. @param host what the reader calls this server */
  readonly config: (host: string) => PageConfig;
  /** The architecture picture as SVG. */
  readonly picture: () => string;
}

const mediaTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};

/** No path is one of a stage, whose name has no dot. */
const files: ReadonlyMap<string, URL> = new Map(
  [
    ["/", "public/index.html"],
    ["/page.js", "public/page.js"],
    ["/page.css", "public/page.css"],
    ["/browser/", "../../examples/browser/index.html"],
    ...["app.js", "connection.js", "user-pool.js", "style.css"].map((name) => [
      `/browser/${name}`,
      `../../examples/browser/${name}`,
    ]),
  ].map(([path = "", file = ""]) => [path, new URL(file, import.meta.url)]),
);

/**
 * The pages of local mode: what happens, at `/`, and the browser example, at `/browser/`. They answer to names of
 * loopback alone, because a page elsewhere may have its own name resolve to 127.0.0.1 (DNS rebinding).
 */
export function pageHandler({ journal, config, picture }: PageServerArgs): PageHandler {
  const run = randomUUID();
  const json = (value: object) => ["application/json", JSON.stringify(value)] as const;
  const made = new Map<string, (host: string) => readonly [type: string, body: string]>([
    ["/page.json", (host) => json(config(host))],
    ["/page.svg", () => ["image/svg+xml", picture()]],
    ["/page.events", () => ["text/event-stream", ""]],
    ["/browser/config.json", (host) => json(browserConfig(config(host)))],
  ]);
  function answer(path: string, host: string, request: IncomingMessage, response: ServerResponse) {
    protect(response, path, config(host));
    if (path === "/page.events" && request.method === "GET") {
      streamJournal(journal, run, request, response);
      return;
    }
    const file = files.get(path);
    const [type, body] = file
      ? [mediaTypes[extname(file.pathname)] ?? "", readFileSync(file)]
      : (made.get(path)?.(host) ?? ["", ""]);
    response.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(body) });
    response.end(body);
  }
  return (request, response) => {
    const [path = ""] = (request.url ?? "").split("?");
    if (request.method !== "GET" && request.method !== "HEAD") return false;
    if (!files.has(path) && !made.has(path)) return false;
    const { host = "" } = request.headers;
    if (!isServedHost(host, [])) fail(response, 403, "this host is not served here");
    else
      try {
        answer(path, host, request, response);
      } catch (error) {
        console.error(error);
        fail(response, 500, "this page cannot be made: npm start says why");
      }
    return true;
  };
}

function fail(response: ServerResponse, status: number, text: string) {
  response.writeHead(status, { "content-type": "text/plain" }).end(`${text}\n`);
}

/** Pages load nothing from elsewhere, and talk to this server and the user pool alone; other sites cannot use them. */
function protect(response: ServerResponse, path: string, { url, signIn }: PageConfig) {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    path === "/page.svg" ? "style-src 'unsafe-inline'" : "style-src 'self'",
    "img-src 'self' data:",
    ["connect-src 'self'", url && new URL(url).origin, signIn?.userPoolEndpoint].filter(Boolean).join(" "),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  response.setHeader("content-security-policy", policy.join("; "));
  response.setHeader("cross-origin-resource-policy", "same-origin");
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("cache-control", "no-store");
}

/** What the browser example reads; its own file of this name shows the same for a deployed stack. */
function browserConfig({ url, signIn }: PageConfig) {
  const { userPoolEndpoint, clientId, tokenUse } = signIn ?? {};
  return { url, userPoolEndpoint, clientId, tokenUse };
}
