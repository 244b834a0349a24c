import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { describe, it } from "mocha";
import { clientOf, readHandshake } from "../../local/gateway/handshake.ts";

function requestOf(
  url: string,
  rawHeaders: string[] = [],
  remoteAddress = "::ffff:127.0.0.1",
): IncomingMessage {
  const headers = rawHeaders.includes("User-Agent") ? { "user-agent": "client/1.0" } : {};
  return { url, rawHeaders, headers, socket: { remoteAddress } } as unknown as IncomingMessage;
}

describe("a handshake", () => {
  it("leaves nothing that the client sent but its user agent, once the connection is open", () => {
    const request = requestOf("/prod?a=1", ["User-Agent", "client/1.0", "Authorization", "Bearer token"]);
    const { connectionId, ...client } = clientOf(readHandshake(request, 1234));
    assert.match(connectionId, /^[\w-]{15}=$/);
    assert.deepEqual(client, { connectedAt: 1234, sourceIp: "127.0.0.1", userAgent: "client/1.0" });
  });

  it("has everything that events tell of the client", () => {
    const { connectionId, ...handshake } = readHandshake(
      requestOf("/prod?a=1", ["Host", "localhost", "User-Agent", "client/1.0"]),
      1234,
    );
    assert.match(connectionId, /^[\w-]{15}=$/);
    assert.deepEqual(handshake, {
      connectedAt: 1234,
      stageName: "prod",
      headers: { Host: ["localhost"], "User-Agent": ["client/1.0"] },
      query: { a: ["1"] },
      sourceIp: "127.0.0.1",
      userAgent: "client/1.0",
    });
  });

  it("gives every connection another id", () => {
    const ids = Array.from({ length: 100 }, () => readHandshake(requestOf("/prod"), 0).connectionId);
    assert.equal(new Set(ids).size, 100);
  });

  it("takes the stage from the first part of the path", () => {
    for (const [url, stageName] of [
      ["/prod", "prod"],
      ["/prod/", "prod"],
      ["/prod/more", "prod"],
      ["/$default", "$default"],
      ["/", ""],
      ["/?prod", ""],
    ] as const)
      assert.equal(readHandshake(requestOf(url), 0).stageName, stageName);
  });

  it("keeps every value of a header under each spelling of its name", () => {
    const { headers } = readHandshake(requestOf("/prod", ["X-A", "1", "x-a", "2", "X-A", "3"]), 0);
    assert.deepEqual(headers, { "X-A": ["1", "3"], "x-a": ["2"] });
  });

  it("decodes the query string, a question mark in it included", () => {
    const { query } = readHandshake(requestOf("/prod?a=1&b=x%3Dy+z&a=2&c&token=t?u"), 0);
    assert.deepEqual(query, { a: ["1", "2"], b: ["x=y z"], c: [""], token: ["t?u"] });
  });

  it("takes prototype names as any other", () => {
    const { headers, query } = readHandshake(requestOf("/prod?__proto__=1", ["__proto__", "2"]), 0);
    assert.deepEqual(Object.entries(headers), [["__proto__", ["2"]]]);
    assert.deepEqual(Object.entries(query), [["__proto__", ["1"]]]);
  });
});
