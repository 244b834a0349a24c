import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { json, text } from "node:stream/consumers";
import { promisify } from "node:util";
import { redirectOutboundNetwork } from "../../local/sandbox/outbound-network.ts";
import { functionArn, functionDefinition, withFunction } from "./function-fixture.ts";

const cognito = "cognito-idp.us-east-1.amazonaws.com";
const gateway = "abc123.execute-api.us-east-1.amazonaws.com";

describe("outbound network", () => {
  let server: http.Server;
  let port: number;
  let hosts: Record<string, { port: number }>;

  before(async () => {
    server = http.createServer(async (request, response) => {
      const body = await text(request);
      const { method, url, headers } = request;
      const contentType = headers["content-type"] ?? null;
      response.end(JSON.stringify([method, url, headers.host, contentType, body]));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    port = (server.address() as AddressInfo).port;
    hosts = { [cognito]: { port }, [gateway]: { port } };
  });

  after(() => server.close());

  it("reaches emulated hosts from a function, whatever the importer and the argument style", async () => {
    const read = `const read = (start) => new Promise((resolve, reject) => {
      const request = start((response) => {
        let text = ""; response.on("data", (chunk) => { text += chunk }).on("end", () => resolve(JSON.parse(text)));
      });
      request.on("error", reject).end(request.method === "POST" ? "{}" : undefined);
    });`;
    const calls = `[
      () => read((done) => https.get("https://${cognito}/pool/keys?x=1", done)),
      () => read((done) => https.get(new URL("https://${cognito}:443/a"), { headers: { accept: "*/*" } }, done)),
      () => read((done) => https.request({ hostname: "${cognito}", port: 443, path: "/b", protocol: "https:" }, done)),
      () => read((done) => https.request({
        host: "${gateway}", method: "POST", path: "/c", port: undefined,
        headers: { host: "${gateway}", "content-type": "text/x" }, agent: new https.Agent({ keepAlive: true, maxSockets: 50 }),
      }, done)),
      () => read((done) => https.request("https://${gateway}/d", { headers: ["Host", "given.example"] }, done)),
      () => fetch("https://${cognito}/e", { method: "POST", body: "{}", headers: { "content-type": "text/x" } }).then((r) => r.json()),
      () => fetch(new Request("https://${cognito}/f")).then((r) => r.json()),
      () => read((done) => http.get("http://127.0.0.1:${port}/g", done)),
    ]`;
    const serve = `handler = async () => { const all = []; for (const call of ${calls}) all.push(await call()); return all }`;
    const packages = [
      { "index.js": `const https = require("https"), http = require("http"); ${read} exports.${serve}` },
      {
        "index.mjs": `import * as https from "node:https"; import http from "node:http"; ${read} export const ${serve}`,
      },
      {
        "index.mjs": `import { get, request, Agent } from "https"; import http from "http"; const https = { get, request, Agent }; ${read} export const ${serve}`,
      },
    ];
    for (const files of packages) {
      await withFunction(
        functionDefinition("", { files }),
        async (service) => {
          const result = await service.invoke(functionArn, {});
          assert.deepEqual(result.ok ? result.payload : result, [
            ["GET", "/pool/keys?x=1", cognito, null, ""],
            ["GET", "/a", cognito, null, ""],
            ["GET", "/b", cognito, null, ""],
            ["POST", "/c", gateway, "text/x", "{}"],
            ["GET", "/d", "given.example", null, ""],
            ["POST", "/e", cognito, "text/x", "{}"],
            ["GET", "/f", cognito, null, ""],
            ["GET", "/g", `127.0.0.1:${port}`, null, ""],
          ]);
        },
        { hosts },
      );
    }
  });

  it("refuses every other way out of a function, with an error that names the target", async () => {
    const source = `
      const net = require("node:net"), tls = require("node:tls"), http = require("node:http"), https = require("node:https");
      const http2 = require("node:http2"), dns = require("node:dns"), dgram = require("node:dgram");
      const failure = (emitter) => new Promise((resolve, reject) => emitter.on("error", reject).on("connect", resolve));
      const calls = {
        "https.request": () => failure(https.request("https://example.com/")),
        "https.get": () => failure(https.get({ host: "example.com" })),
        "https with a port": () => failure(https.get("https://${cognito}:8443/")),
        "http.request": () => failure(http.request("http://example.com/")),
        "http to an emulated host": () => failure(http.get("http://${cognito}/")),
        "fetch": () => fetch("https://example.com/"),
        "fetch over http": () => fetch("http://${cognito}/"),
        "fetch of loopback": () => fetch("http://127.0.0.1:9/"),
        "WebSocket": async () => new WebSocket("wss://example.com/"),
        "http2.connect": () => failure(http2.connect("https://example.com/")),
        "net.connect": () => failure(net.connect(80, "example.com")),
        "net.connect of options": () => failure(net.connect({ port: 80, host: "93.184.215.14" })),
        "net.connect with data": () => { const socket = net.connect(80, "example.com"); socket.write("x"); return failure(socket) },
        "net.Socket": () => failure(new net.Socket().connect(80, "example.com")),
        "net.connect of a path": () => failure(net.connect("/var/run/docker.sock")),
        "loopback": () => failure(net.connect(9)),
        "loopback 6": () => failure(net.connect(9, "::1")),
        "tls.connect": () => failure(tls.connect(443, "example.com")),
        "dgram send": () => { const socket = dgram.createSocket("udp4"); socket.send("x", 53, "93.184.215.14"); return failure(socket) },
        "dgram send with a callback": () => new Promise((_, reject) => dgram.createSocket("udp4").send("x", 53, "93.184.215.14", reject)),
        "dgram connect": () => new Promise((_, reject) => dgram.createSocket("udp4").connect(53, "93.184.215.14", reject)),
        "dns.lookup": () => new Promise((_, reject) => dns.lookup("example.com", reject)),
        "dns.resolve4": () => new Promise((_, reject) => dns.resolve4("example.com", reject)),
        "dns.promises.lookup": () => dns.promises.lookup("example.com"),
        "dns.promises.resolveTxt": () => require("node:dns/promises").resolveTxt("example.com"),
        "dns.Resolver": () => new Promise((_, reject) => new dns.Resolver().resolve("example.com", reject)),
        "dns.promises.Resolver": () => new dns.promises.Resolver().resolve4("example.com"),
      };
      exports.handler = async () => {
        const outcomes = {};
        for (const [name, call] of Object.entries(calls)) {
          outcomes[name] = await call().then(() => "reached", (error) => error.message);
        }
        return outcomes;
      }`;
    const others = `only emulated AWS hosts are reachable locally (${cognito}, ${gateway})`;
    const example = `outbound call to example.com refused: ${others}`;
    const address = `outbound call to 93.184.215.14 refused: ${others}`;
    const emulated = `outbound call to ${cognito} refused: emulated AWS hosts are reachable locally only through node:https and fetch`;
    await withFunction(
      functionDefinition(source),
      async (service) => {
        const result = await service.invoke(functionArn, {});
        assert.deepEqual(result.ok ? result.payload : result, {
          "https.request": example,
          "https.get": example,
          "https with a port": emulated,
          "http.request": example,
          "http to an emulated host": emulated,
          fetch: example,
          "fetch over http": emulated,
          "fetch of loopback": `outbound call to 127.0.0.1:9 refused: ${others}`,
          WebSocket: example,
          "http2.connect": example,
          "net.connect": example,
          "net.connect of options": address,
          "net.connect with data": example,
          "net.Socket": example,
          "net.connect of a path": `outbound call to /var/run/docker.sock refused: ${others}`,
          loopback: `outbound call to localhost:9 refused: ${others}`,
          "loopback 6": `outbound call to ::1:9 refused: ${others}`,
          "tls.connect": example,
          "dgram send": address,
          "dgram send with a callback": address,
          "dgram connect": address,
          "dns.lookup": example,
          "dns.resolve4": example,
          "dns.promises.lookup": example,
          "dns.promises.resolveTxt": example,
          "dns.Resolver": example,
          "dns.promises.Resolver": example,
        });
      },
      { hosts },
    );
  });

  it("says so when nothing is emulated", async () => {
    const source = "exports.handler = () => fetch('https://example.com/')";
    await withFunction(functionDefinition(source), async (service) => {
      const result = await service.invoke(functionArn, {});
      assert.equal(
        result.ok ? "ok" : result.errorMessage,
        "outbound call to example.com refused: only emulated AWS hosts are reachable locally (there are none)",
      );
    });
  });

  it("only redirects this process where others are not refused, until it is restored", async () => {
    const { request, get } = https;
    const { fetch } = globalThis;
    const another = http.createServer((_request, response) => response.end("another server"));
    await once(another.listen(0, "127.0.0.1"), "listening");
    const other = another.address() as AddressInfo;
    const restore = redirectOutboundNetwork(hosts, { refuseOthers: false });
    try {
      assert.deepEqual(await getJson(`https://${cognito}/keys`), ["GET", "/keys", cognito, null, ""]);
      const response = await globalThis.fetch(`http://127.0.0.1:${other.port}/direct`);
      assert.equal(await response.text(), "another server");
    } finally {
      restore();
      another.close();
    }
    assert.deepEqual([https.request, https.get, globalThis.fetch], [request, get, fetch]);
  });

  it("lets the latest redirect win, gives way to the former, and may be restored twice", async () => {
    const { request } = https;
    const outer = redirectOutboundNetwork(hosts, { refuseOthers: false });
    const inner = redirectOutboundNetwork({}, { refuseOthers: true });
    try {
      await assert.rejects(
        getJson(`https://${cognito}/keys`),
        new Error(
          `outbound call to ${cognito} refused: only emulated AWS hosts are reachable locally (there are none)`,
        ),
      );
      inner();
      inner();
      assert.deepEqual(await getJson(`https://${cognito}/keys`), ["GET", "/keys", cognito, null, ""]);
    } finally {
      inner();
      outer();
    }
    assert.equal(https.request, request);
  });

  it("redirects another process that preloads it", async () => {
    const preload = new URL("../../local/sandbox/redirect-preload.ts", import.meta.url).href;
    const program = `import { get } from "node:https";
      get("https://${cognito}/keys", (response) => response.setEncoding("utf8").on("data", console.log));`;
    const args = ["--import", preload, "--input-type=module", "--eval", program];
    const env = { ...process.env, EMULATED_AWS_HOSTS: JSON.stringify(hosts) };
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    assert.deepEqual(JSON.parse(stdout), ["GET", "/keys", cognito, null, ""]);
  });

  it("stops a process that preloads it without the hosts", async () => {
    const preload = new URL("../../local/sandbox/redirect-preload.ts", import.meta.url).href;
    const { EMULATED_AWS_HOSTS, ...env } = process.env;
    await assert.rejects(
      promisify(execFile)(process.execPath, ["--import", preload, "--eval", ""], { env }),
      /Error: environment variable EMULATED_AWS_HOSTS is required\n/,
    );
  });
});

async function getJson(url: string): Promise<unknown> {
  const request = https.get(url);
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  return await json(response);
}
