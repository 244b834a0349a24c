import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, describe, it } from "mocha";
import {
  type LocalCognito,
  outcomeOf,
  publicClient,
  startLocalCognito,
  userPoolId,
} from "./local-cognito.ts";

describe("the user pool server and browsers", () => {
  let cognito: LocalCognito;

  before(async () => {
    cognito = await startLocalCognito();
  });

  after(() => cognito.server.close());

  const corsHeaders = (headers: Headers) =>
    [...headers].filter(([name]) => name.startsWith("access-control-"));
  const readable = [
    ["access-control-allow-origin", "*"],
    ["access-control-expose-headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"],
  ];

  it("let a page of any origin ask first", async () => {
    const wanted = "authorization,content-type,x-amz-target,x-amz-user-agent";
    const response = await fetch(cognito.server.url, {
      method: "OPTIONS",
      headers: {
        Origin: "http://localhost:5173",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": wanted,
      },
    });
    assert.deepEqual([response.status, await response.text()], [200, ""]);
    assert.deepEqual(corsHeaders(response.headers), [
      ["access-control-allow-headers", wanted],
      ["access-control-allow-methods", "POST"],
      ["access-control-allow-origin", "*"],
      ["access-control-expose-headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"],
      ["access-control-max-age", "172800"],
    ]);
    assert.equal(response.headers.get("content-type"), null);
  });

  it("let it read every answer, good or bad, and the keys", async () => {
    const replies = [
      await cognito.signIn("alice", "Alice-demo-1", publicClient),
      await cognito.signIn("alice", "wrong", publicClient),
      await cognito.get(`/${userPoolId}/.well-known/jwks.json`),
      await cognito.get("/other"),
    ];
    assert.deepEqual(
      replies.map(({ status, headers }) => [status, corsHeaders(headers)]),
      [200, 400, 200, 404].map((status) => [status, readable]),
    );
  });

  it("turn away a request for another host, whatever it asks", async () => {
    const { port } = cognito.server;
    for (const [method, path] of [
      ["GET", `/${userPoolId}/.well-known/jwks.json`],
      ["POST", "/"],
      ["OPTIONS", "/"],
    ] as const) {
      const headers = { Host: `attacker.example:${port}` };
      const sent = request({ host: "127.0.0.1", port, method, path, headers }).end();
      const [response] = await once(sent, "response");
      const body = JSON.parse(String((await response.toArray()).join("")));
      assert.deepEqual(
        [response.statusCode, body],
        [403, { __type: "ForbiddenException", message: "this host is not served here" }],
      );
    }
    assert.equal(outcomeOf(await cognito.get(`/${userPoolId}/.well-known/jwks.json`))[0], 200);
  });
});
