import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { after, afterEach, before, describe, it } from "mocha";
import { Journal } from "../../local/page/journal.ts";
import type { PageConfig } from "../../local/page/page-config.ts";
import { pageHandler } from "../../local/page/page-server.ts";
import { ServedApi } from "../gateway/served-api.ts";

const root = new URL("../../", import.meta.url);
const signIn = {
  userPoolEndpoint: "http://localhost:3001",
  clientId: "client",
  tokenUse: "access" as const,
  tokenSource: "subprotocol" as const,
  users: [{ username: "alice", password: "demo", groups: ["admins"] }],
};
const pages = [
  ["/", "text/html; charset=utf-8", "local/page/public/index.html"],
  ["/page.js", "text/javascript; charset=utf-8", "local/page/public/page.js"],
  ["/page.css", "text/css; charset=utf-8", "local/page/public/page.css"],
  ["/browser/", "text/html; charset=utf-8", "examples/browser/index.html"],
  ["/browser/app.js", "text/javascript; charset=utf-8", "examples/browser/app.js"],
  ["/browser/connection.js", "text/javascript; charset=utf-8", "examples/browser/connection.js"],
  ["/browser/user-pool.js", "text/javascript; charset=utf-8", "examples/browser/user-pool.js"],
  ["/browser/style.css", "text/css; charset=utf-8", "examples/browser/style.css"],
] as const;

describe("the pages of local mode", () => {
  let config: (host: string) => PageConfig;
  const usual = (host: string) => ({ title: "a title", url: `ws://${host}/prod`, signIn });
  const handle = pageHandler({
    journal: new Journal(),
    config: (host) => config(host),
    picture: () => "<svg/>",
  });
  const server = createServer((request, response) => {
    if (!handle(request, response)) response.writeHead(426).end("left alone");
  });
  before(async () => {
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  config = usual;
  afterEach(() => {
    config = usual;
  });

  async function ask(path: string, { method = "GET", host = "localhost:3000" } = {}) {
    const { port } = server.address() as AddressInfo;
    const sent = request({ host: "127.0.0.1", port, path, method, headers: { Host: host } }).end();
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    const { statusCode: status, headers } = response;
    return { status, headers, body: (await response.toArray()).join("") };
  }

  for (const [path, type, file] of pages)
    it(`serve ${file} at ${path}`, async () => {
      const { status, headers, body } = await ask(path);
      assert.deepEqual([status, headers["content-type"]], [200, type]);
      assert.equal(body, readFileSync(new URL(file, root), "utf8"));
      assert.equal(headers["content-length"], `${Buffer.byteLength(body)}`);
    });

  it("serve the picture, and what the pages must know", async () => {
    const picture = await ask("/page.svg?123");
    assert.deepEqual([picture.headers["content-type"], picture.body], ["image/svg+xml", "<svg/>"]);
    const known = await ask("/page.json");
    assert.equal(known.headers["content-type"], "application/json");
    assert.deepEqual(JSON.parse(known.body), usual("localhost:3000"));
  });

  it("give the browser example a configuration of the same members as its own", async () => {
    const { body } = await ask("/browser/config.json", { host: "127.0.0.1:80" });
    assert.deepEqual(JSON.parse(body), {
      url: "ws://127.0.0.1:80/prod",
      userPoolEndpoint: "http://localhost:3001",
      clientId: "client",
      tokenUse: "access",
    });
    const own = JSON.parse(readFileSync(new URL("examples/browser/config.json", root), "utf8"));
    assert.deepEqual(Object.keys(own), Object.keys(JSON.parse(body)));
  });

  it("load nothing from elsewhere, talk to the API and the user pool alone, and are of no use to other sites", async () => {
    const { headers } = await ask("/");
    assert.equal(
      headers["content-security-policy"],
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws://localhost:3000 http://localhost:3001; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    assert.deepEqual(
      ["cross-origin-resource-policy", "x-content-type-options", "cache-control"].map(
        (name) => headers[name],
      ),
      ["same-origin", "nosniff", "no-store"],
    );
    const directives = [
      ...pages.map(([path]) => path),
      "/page.json",
      "/page.svg",
      "/browser/config.json",
    ].map(async (path) => (await ask(path)).headers["content-security-policy"]);
    assert.deepEqual(
      [...new Set(await Promise.all(directives))],
      [
        headers["content-security-policy"],
        String(headers["content-security-policy"]).replace("style-src 'self'", "style-src 'unsafe-inline'"),
      ],
    );
  });

  it("answer to loopback alone", async () => {
    for (const host of ["localhost", "LOCALHOST:1", "127.0.0.1:3000", "[::1]:3000"])
      assert.equal((await ask("/", { host })).status, 200, host);
    for (const host of ["attacker.example:3000", "localhost.attacker.example", "a@localhost", "localhost:x"])
      for (const path of ["/", "/page.json", "/page.events", "/page.svg", "/browser/config.json"]) {
        const { status, body, headers } = await ask(path, { host });
        assert.deepEqual([status, body], [403, "this host is not served here\n"], host);
        assert.equal(headers["content-type"], "text/plain");
      }
  });

  it("answer HEAD without a body, the stream of events too", async () => {
    for (const path of ["/", "/page.json", "/page.events"]) {
      const { status, body } = await ask(path, { method: "HEAD" });
      assert.deepEqual([status, body], [200, ""], path);
    }
    assert.equal(
      (await ask("/page.events", { method: "HEAD" })).headers["content-type"],
      "text/event-stream",
    );
  });

  it("leave every other request alone", async () => {
    const others = ["/prod", "/browser", "/browser/README.md", "/page", "/favicon.ico", "//", "/constructor"];
    for (const path of [...others, "/../package.json", "/browser/../app.js", "/%70age.js"])
      assert.equal((await ask(path)).body, "left alone", path);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"])
      assert.equal((await ask("/", { method })).status, 426, method);
  });

  it("say so when one cannot be made", async () => {
    const told = console.error;
    const errors: unknown[] = [];
    console.error = (error) => errors.push(error);
    config = () => {
      throw new Error("no graph");
    };
    try {
      const { status, body } = await ask("/page.json");
      assert.deepEqual([status, body], [500, "this page cannot be made: npm start says why\n"]);
      assert.deepEqual(errors.map(String), ["Error: no graph"]);
    } finally {
      console.error = told;
    }
  });
});

describe("a gateway with pages", () => {
  it("serves them beside its API, whose answers stay, and ends their streams when it closes", async () => {
    const journal = new Journal();
    const handler = pageHandler({ journal, config: () => ({ title: "a title" }), picture: () => "" });
    const served = new ServedApi({ pages: handler });
    await served.listen();
    const at = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${served.port}${path}`, init);
    assert.equal((await at("/")).status, 200);
    assert.equal((await at("/prod")).status, 426);
    assert.equal((await at("/", { method: "POST" })).status, 403);
    const stream = (await at("/page.events")).body?.getReader() ?? assert.fail();
    const { value } = await stream.read();
    assert.match(Buffer.from(value ?? []).toString(), /^retry: 1000\nevent: run\ndata: [\w-]{36}\n\n/);
    await served.close();
    await assert.rejects(async () => {
      while (!(await stream.read()).done);
    }, /terminated/);
  });
});
