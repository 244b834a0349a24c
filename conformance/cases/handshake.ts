import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fact } from "../conformance-case.ts";
import type { Target } from "../target.ts";
import { bearer, plainGet, statusOf, upgrade } from "../upgrade.ts";

/** The target's URL with another path. */
function at({ url }: Target, path: string): string {
  return new URL(path, url).href;
}

export const handshakeCases = [
  fact("a good token opens a connection: 101", "observed", async (target) => {
    assert.equal(await statusOf(target, bearer(target.token)), 101);
  }),
  fact("the answer accepts the client's key as RFC 6455 has it", "documented", async (target) => {
    const key = "dGhlIHNhbXBsZSBub25jZQ==";
    const handshake = [
      ["Connection", "Upgrade"],
      ["Upgrade", "websocket"],
      ["Sec-WebSocket-Version", "13"],
      ["Sec-WebSocket-Key", key],
    ] as const;
    await target.admitted();
    const { headers } = await plainGet(target.url, [...handshake, bearer(target.token)]);
    const accepted = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    assert.equal(headers["sec-websocket-accept"], accepted);
    assert.equal(headers.upgrade?.toLowerCase(), "websocket");
  }),
  fact("a GET that asks for no upgrade gets 426", "observed", async ({ url }) => {
    assert.equal((await plainGet(url)).status, 426);
  }),
  fact("a GET that asks for no upgrade gets 426, a good token or not", "observed", async ({ url, token }) => {
    assert.equal((await plainGet(url, [bearer(token)])).status, 426);
  }),
  fact("permessage-deflate is negotiated where the client offers it", "observed", async (target) => {
    const headers = [bearer(target.token), ["Sec-WebSocket-Extensions", "permessage-deflate"]] as const;
    const answer = await upgrade(target, { headers });
    assert.match(String(answer.headers["sec-websocket-extensions"]), /^permessage-deflate\b/);
  }),
  fact("no extension is negotiated where the client offers none", "observed", async (target) => {
    const answer = await upgrade(target, { headers: [bearer(target.token)] });
    assert.equal(answer.headers["sec-websocket-extensions"], undefined);
  }),
  ...["/no-such-stage", "/", "/PROD-", "/%20"].map((path) =>
    fact(`a path that begins with no stage, like ${path}, gets 403`, "unconfirmed", async (target) => {
      const answer = await upgrade(target, { url: at(target, path), headers: [bearer(target.token)] });
      assert.equal(answer.status, 403);
    }),
  ),
  fact("the stage's name has its letter case", "unconfirmed", async (target) => {
    const url = at(target, new URL(target.url).pathname.toUpperCase());
    assert.equal((await upgrade(target, { url, headers: [bearer(target.token)] })).status, 403);
  }),
  fact("the refusal for a stage that is not there says Forbidden", "unconfirmed", async (target) => {
    const { body } = await upgrade(target, { url: at(target, "/no-such-stage") });
    assert.equal(body, '{"message":"Forbidden"}');
  }),
  fact("a refusal with 401 says Unauthorized, and not why", "unconfirmed", async (target) => {
    assert.equal((await upgrade(target)).body, '{"message":"Unauthorized"}');
  }),
  fact("a refusal carries the request's id", "unconfirmed", async (target) => {
    assert.match(String((await upgrade(target)).headers["x-amzn-requestid"]), /^[\w-]{11,15}=$/);
  }),
  fact("a query that means nothing changes nothing", "documented", async (target) => {
    const answer = await upgrade(target, {
      url: `${target.url}?a=1&a=2&b`,
      headers: [bearer(target.token)],
    });
    assert.equal(answer.status, 101);
  }),
  fact("without allowed origins, a page of any origin may connect", "this project", async (target) => {
    const origin = ["Origin", "https://page.example.com"] as const;
    assert.equal(await statusOf(target, bearer(target.token), origin), 101);
  }),
];
