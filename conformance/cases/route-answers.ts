import assert from "node:assert/strict";
import { connect } from "../client.ts";
import { factWith, type Source } from "../conformance-case.ts";
import { readErrorFrame } from "../error-frame.ts";
import type { TargetWith } from "../target.ts";

const probe = factWith("probeUrls");

type ProbeTarget = TargetWith<"probeUrls">;

function connectTo(target: ProbeTarget, api: "faults" | "open") {
  return connect(target, { url: target.probeUrls[api], token: undefined });
}

/** Messages that API Gateway answers itself. */
const failures: readonly [what: string, message: object, expected: string, source: Source][] = [
  ["whose function throws", { action: "answer", as: "throw" }, "Internal server error", "observed"],
  ["whose function times out", { action: "answer", as: "slow" }, "Internal server error", "observed"],
  [
    "whose function is slower than its integration's timeout",
    { action: "hurried", as: "late" },
    "Internal server error",
    "observed",
  ],
  [
    "whose function API Gateway may not call",
    { action: "forbidden" },
    "Internal server error",
    "unconfirmed",
  ],
  [
    "whose function throws, on a route without a response",
    { action: "mute", as: "throw" },
    "Internal server error",
    "observed",
  ],
  ["that no route takes, without $default", { action: "dance" }, "Forbidden", "observed"],
  ["without an action, without $default", {}, "Forbidden", "observed"],
  ["to $connect, without $default", { action: "$connect" }, "Forbidden", "observed"],
];

/** Messages to an API whose routes are chosen by `${request.body.room.kind}-${request.body.action}`. */
const selections: readonly [what: string, message: unknown, routeKey: string][] = [
  ["two members, one of them nested", { room: { kind: "chat" }, action: "join" }, "chat-join"],
  ["an empty text for a member that is missing", { action: "join" }, "-join"],
  ["an empty text for a nested member that is missing", { room: {}, action: "join" }, "-join"],
  ["the exact key only", { room: { kind: "chats" }, action: "join" }, "$default"],
  ["the letter case of the key", { room: { kind: "Chat" }, action: "join" }, "$default"],
];

export const routeAnswerCases = [
  ...failures.map(([what, message, expected, source]) =>
    probe(`a message ${what} is answered with ${expected}`, source, async (target) => {
      using client = await connectTo(target, "faults");
      assert.equal(readErrorFrame(await client.ask(JSON.stringify(message))).message, expected);
    }),
  ),
  ...[
    ["a function that throws", { action: "answer", as: "throw" }],
    ["a message that no route takes", { action: "dance" }],
  ].map(([what, message]) =>
    probe(`a connection stays open after ${what}`, "observed", async (target) => {
      using client = await connectTo(target, "faults");
      await client.ask(JSON.stringify(message));
      assert.equal(await client.ask('{"action":"answer"}'), "answer");
    }),
  ),
  probe("a body that is not JSON is Forbidden, without $default", "observed", async (target) => {
    using client = await connectTo(target, "faults");
    assert.equal(readErrorFrame(await client.ask("hello")).message, "Forbidden");
  }),
  ...[404, 500].map((status) =>
    probe(`the status ${status} of a route's answer has no effect`, "observed", async (target) => {
      using client = await connectTo(target, "faults");
      const answer = await client.ask(`{"action":"answer","as":"status-${status}"}`);
      assert.equal(answer, `with status ${status}`);
    }),
  ),
  ...[
    ["a function without a body", { action: "answer", as: "no-body" }],
    ["a route without a response", { action: "mute" }],
    ["a route without an integration", { action: "idle" }],
  ].map(([what, message]) =>
    probe(`${what} answers nothing`, "documented", async (target) => {
      using client = await connectTo(target, "faults");
      client.socket.send(JSON.stringify(message));
      assert.equal(await client.ask('{"action":"answer"}'), "answer");
    }),
  ),
  ...selections.map(([what, message, routeKey]) =>
    probe(`a route selection with text between members takes ${what}`, "documented", async (target) => {
      using client = await connectTo(target, "open");
      assert.equal(await client.ask(JSON.stringify(message)), routeKey);
    }),
  ),
  probe(
    "a body that is not JSON goes to $default, text between members or not",
    "documented",
    async (target) => {
      using client = await connectTo(target, "open");
      assert.equal(await client.ask("chat-join"), "$default");
    },
  ),
];
