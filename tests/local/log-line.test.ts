import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readLogLine } from "../../local/log-line.ts";

const decision = { decision: "deny", reason: "expired", connectionId: "TXzPWdnOjoECGjA=", latencyMs: 1.7 };
const metadata = { Timestamp: 1_800_000_000_000, CloudWatchMetrics: [] };

describe("a log line", () => {
  it("tells an authorizer's decision", () => {
    const line = JSON.stringify({ _aws: metadata, apiId: "a1b2c3d4e5", ...decision, decisions: 1 });
    assert.deepEqual(readLogLine(line), { kind: "decision", ...decision });
  });

  it("tells other metrics without their metadata", () => {
    const line = JSON.stringify({ _aws: metadata, connections: 3 });
    assert.deepEqual(readLogLine(line), { kind: "text", text: '{"connections":3}' });
  });

  it("tells no decision that lacks a member", () => {
    for (const name of Object.keys(decision)) {
      const rest = Object.fromEntries(Object.entries(decision).filter(([key]) => key !== name));
      const line = JSON.stringify({ _aws: metadata, ...rest });
      assert.deepEqual(readLogLine(line), { kind: "text", text: JSON.stringify(rest) });
    }
  });

  it("tells a failed invocation by its error alone", () => {
    for (const what of ["Invoke Error \t", "Uncaught Exception \t", "Invoke Error\t"]) {
      const line = `${what}{"errorType":"TypeError","errorMessage":"no","stack":["TypeError: no","    at x"]}`;
      assert.deepEqual(readLogLine(line), { kind: "error", name: "TypeError", message: "no" });
    }
  });

  for (const line of [
    "hello",
    "",
    "null",
    "1",
    '{"decision":"deny"}',
    "{",
    "Invoke Error \tnot JSON",
    '["_aws"]',
  ])
    it(`is its text where it is ${JSON.stringify(line)}`, () => {
      assert.deepEqual(readLogLine(line), { kind: "text", text: line });
    });
});
