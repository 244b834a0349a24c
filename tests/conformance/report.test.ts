import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { fact, factWith } from "../../conformance/conformance-case.ts";
import { reportOf } from "../../conformance/report.ts";
import type { Outcome } from "../../conformance/run-cases.ts";
import { accessToken } from "../token-factory.ts";

const run = async () => {};

describe("a report on conformance", () => {
  it("counts, tells failures in full, and names what was skipped and why", () => {
    const good = fact("it holds", "documented", run);
    const bad = fact("it does not hold", "observed", run);
    const needy = factWith("idToken")("it needs a token", "this project", run);
    const slow = factWith("slow")("it takes hours", "observed", run);
    const sections = [
      { title: "tokens", cases: [good, bad] },
      { title: "@connections", cases: [needy, slow] },
    ];
    const outcomes = new Map<typeof good, Outcome>([
      [good, { state: "passed" }],
      [bad, { state: "failed", error: new Error("401 !== 101\n\nno") }],
      [needy, { state: "skipped", missing: ["idToken"] }],
      [slow, { state: "skipped", missing: ["slow"] }],
    ]);
    assert.equal(
      reportOf(sections, outcomes, 1.23),
      `  tokens          1 passed    1 failed
  @connections    0 passed    0 failed    2 skipped

failed  tokens: it does not hold (observed)
  401 !== 101
  
  no

skipped  CONFORMANCE_ID_TOKEN not set: a valid ID token
  @connections: it needs a token

skipped  they take hours: --slow
  @connections: it takes hours

  1 passed    1 failed    2 skipped in 1.2 s`,
    );
  });

  it("leaves out sections of which nothing ran", () => {
    const one = fact("it holds", "documented", run);
    const other = fact("it was not chosen", "documented", run);
    const sections = [
      { title: "one", cases: [one] },
      { title: "other", cases: [other] },
    ];
    const outcomes = new Map<typeof one, Outcome>([[one, { state: "passed" }]]);
    assert.equal(
      reportOf(sections, outcomes, 0),
      "  one      1 passed    0 failed\n\n  1 passed    0 failed in 0.0 s",
    );
  });

  it("shows no token, whole or in parts", () => {
    const token = accessToken();
    const [header = "", payload = "", signature = ""] = token.split(".");
    const one = fact("it holds", "documented", run);
    const error = new Error(`got bearer.${token} and ${header}.${payload} and ${payload} and ${signature}`);
    const outcomes = new Map<typeof one, Outcome>([[one, { state: "failed", error }]]);
    const report = reportOf([{ title: "one", cases: [one] }], outcomes, 0);
    assert.match(report, /got bearer\.<token> and <token> and <token> and <long text>\n/);
  });

  it("names a failure that has only a code", () => {
    const one = fact("it holds", "documented", run);
    const error = Object.assign(new AggregateError([], ""), { code: "ECONNREFUSED" });
    const outcomes = new Map<typeof one, Outcome>([[one, { state: "failed", error }]]);
    assert.match(
      reportOf([{ title: "one", cases: [one] }], outcomes, 0),
      /^failed {2}one: it holds \(documented\)\n {2}ECONNREFUSED$/m,
    );
  });
});
