import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { handler as disconnect } from "../../functions/disconnect.ts";
import { handler as sendmessage } from "../../functions/sendmessage.ts";
import { handler as whoami } from "../../functions/whoami.ts";

describe("the sendmessage function", () => {
  it("answers with the message and the verified sender", async () => {
    const requestContext = { authorizer: { username: "alice" } };
    const answer = await sendmessage({
      requestContext,
      body: '{"action":"sendmessage","message":"hi","from":"bob"}',
    });
    assert.equal(answer.statusCode, 200);
    assert.deepEqual(JSON.parse(answer.body), { action: "sendmessage", from: "alice", message: "hi" });
  });
});

describe("the whoami function", () => {
  const identity = {
    sub: "s",
    username: "alice",
    clientId: "c",
    tokenUse: "access",
    scope: "a b",
    groups: '["admins"]',
    exp: "1767225600",
    jti: "not shown",
  };

  it("answers with the verified identity, and the connection that it was asked on", async () => {
    const answer = await whoami({ requestContext: { connectionId: "c=", authorizer: identity } });
    assert.deepEqual(JSON.parse(answer.body), {
      action: "whoami",
      sub: "s",
      username: "alice",
      clientId: "c",
      tokenUse: "access",
      scope: "a b",
      groups: ["admins"],
      expiresAt: "2026-01-01T00:00:00.000Z",
      connectionId: "c=",
    });
  });
});

describe("the $disconnect function", () => {
  it("logs the connection and the code, and nothing of what the client said", async () => {
    const lines: unknown[] = [];
    const { log } = console;
    console.log = (line) => lines.push(line);
    try {
      const requestContext = { connectionId: "c=", disconnectStatusCode: 1001, disconnectReason: "secret" };
      assert.deepEqual(await disconnect({ requestContext }), { statusCode: 200 });
    } finally {
      console.log = log;
    }
    assert.deepEqual(lines, ['{"event":"disconnected","connectionId":"c=","disconnectStatusCode":1001}']);
  });
});

describe("the $default function", () => {
  let handler: typeof import("../../functions/default.ts").handler;

  before(async () => {
    process.env.ACTIONS = '["sendmessage","whoami"]';
    ({ handler } = await import("../../functions/default.ts"));
    delete process.env.ACTIONS;
  });

  it("names the actions that exist", async () => {
    assert.deepEqual(await handler(), {
      statusCode: 200,
      body: '{"error":"unknown action","actions":["sendmessage","whoami"]}',
    });
  });
});
