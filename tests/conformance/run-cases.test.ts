import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { type ConformanceCase, fact, factWith } from "../../conformance/conformance-case.ts";
import { runCases } from "../../conformance/run-cases.ts";
import { readTarget } from "../../conformance/target.ts";
import { accessToken } from "../token-factory.ts";

const target = readTarget({
  CONFORMANCE_URL: "wss://chat.example.com",
  CONFORMANCE_TOKEN: accessToken(),
});

function outcomesOf(cases: ConformanceCase[], options = { concurrency: 2, limitMs: 10_000 }) {
  return Promise.all(runCases(cases, target, options).values());
}

describe("a run of conformance cases", () => {
  it("tells which passed, failed, and were skipped for what they lack", async () => {
    const error = new Error("it is not so");
    const cases = [
      fact("one", "observed", async () => {}),
      fact("two", "observed", async () => {
        throw error;
      }),
      factWith("idToken", "slow")("three", "observed", async () => {}),
    ];
    assert.deepEqual(await outcomesOf(cases), [
      { state: "passed" },
      { state: "failed", error },
      { state: "skipped", missing: ["idToken", "slow"] },
    ]);
  });

  it("has as many cases at once as it may, and no more", async () => {
    let running = 0;
    let most = 0;
    const cases = Array.from({ length: 6 }, (_, i) =>
      fact(String(i), "observed", async () => {
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        running -= 1;
      }),
    );
    await outcomesOf(cases, { concurrency: 3, limitMs: 10_000 });
    assert.equal(most, 3);
  });

  it("ends a case that does not end", async () => {
    const endless = fact("endless", "observed", () => new Promise(() => {}));
    assert.deepEqual(await outcomesOf([endless], { concurrency: 1, limitMs: 10 }), [
      { state: "failed", error: new Error("no end after 0.01 s") },
    ]);
  });
});
