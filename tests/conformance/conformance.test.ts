import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import type { ConformanceCase } from "../../conformance/conformance-case.ts";
import { type LocalTarget, localRunOptions, startLocalTarget } from "../../conformance/local-target.ts";
import { type Outcome, runCases } from "../../conformance/run-cases.ts";
import { sections } from "../../conformance/sections.ts";
import { readTarget } from "../../conformance/target.ts";

const cases = sections.flatMap((section) => section.cases);

/** Cases that take hours are left to whoever asks for them. */
function isQuick({ needs }: ConformanceCase): boolean {
  return !needs.includes("slow");
}

describe("local mode conforms:", () => {
  let local: LocalTarget;
  let outcomes: ReadonlyMap<ConformanceCase, Promise<Outcome>>;
  before(async () => {
    local = await startLocalTarget();
    const target = readTarget(local.environment, { connectionsPerSecond: Number.POSITIVE_INFINITY });
    outcomes = runCases(cases.filter(isQuick), target, localRunOptions);
  });
  after(() => local.close());

  for (const { title, cases } of sections)
    describe(title, () => {
      for (const one of cases.filter(isQuick))
        it(one.fact, async () => {
          const outcome = await outcomes.get(one);
          if (outcome?.state === "failed") throw outcome.error;
          assert.deepEqual(outcome, { state: "passed" });
        });
    });
});

describe("the conformance cases", () => {
  it("each prove another fact", () => {
    const facts = cases.map(({ fact }) => fact);
    assert.deepEqual(
      facts.filter((fact, i) => facts.indexOf(fact) !== i),
      [],
    );
  });

  it("are at least 120 that need no more than an endpoint and tokens", () => {
    const tokens = ["idToken", "expiredToken", "otherClientToken", "forbiddenToken"];
    const fitting = cases.filter(({ needs }) => needs.every((need) => tokens.includes(need)));
    assert.ok(fitting.length >= 120, `${fitting.length}`);
  });

  it("name what they need, so that with less they are skipped and none fails", async () => {
    const target = readTarget({
      CONFORMANCE_URL: "ws://127.0.0.1:1/prod",
      CONFORMANCE_TOKEN: "e30.eyJ0b2tlbl91c2UiOiJhY2Nlc3MiLCJleHAiOjk5OTk5OTk5OTl9.AA",
    });
    const needy = cases.filter(({ needs }) => needs.length > 0);
    const outcomes = await Promise.all(runCases(needy, target, localRunOptions).values());
    assert.deepEqual(
      outcomes,
      needy.map(({ needs }) => ({ state: "skipped", missing: needs })),
    );
  });
});
