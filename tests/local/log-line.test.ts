import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readLogLine } from "../../local/screen/log-line.ts";

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

  it("tells a failed invocation by its error and where it came from", () => {
    const stack = ["TypeError: no", "    at x (index.js:1:2)", "    at y"];
    const error = { kind: "error", name: "TypeError", message: "no", frames: stack.slice(1) };
    const text = JSON.stringify({ errorType: "TypeError", errorMessage: "no", stack });
    for (const what of ["Invoke Error \t", "Init Error \t", "Invoke Error\t"])
      assert.deepEqual(readLogLine(`${what}${text}`), error);
    const message = { errorType: "TypeError", errorMessage: "no", stackTrace: stack };
    assert.deepEqual(readLogLine(JSON.stringify({ level: "ERROR", message })), error);
  });

  it("tells an error without a stack", () => {
    const line = 'Invoke Error \t{"errorType":"string","errorMessage":"no","stack":"odd"}';
    assert.deepEqual(readLogLine(line), { kind: "error", name: "string", message: "no", frames: [] });
  });

  for (const line of [
    "hello",
    "",
    "null",
    "1",
    '{"decision":"deny"}',
    "{",
    "Invoke Error \tnot JSON",
    '{"message":{"text":"no error"}}',
    '{"message":"no error"}',
    '["_aws"]',
  ])
    it(`is its text where it is ${JSON.stringify(line)}`, () => {
      assert.deepEqual(readLogLine(line), { kind: "text", text: line });
    });
});
