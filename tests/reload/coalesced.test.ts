import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { describe, it } from "mocha";
import { coalesced } from "../../local/stack/coalesced.ts";

/** A function whose runs end when they are told to. */
function controlled() {
  const runs: PromiseWithResolvers<number>[] = [];
  const call = coalesced(() => {
    const run = Promise.withResolvers<number>();
    runs.push(run);
    return run.promise;
  });
  return { runs, call };
}

describe("coalesced calls", () => {
  it("run one at a time, those during a run as one after it", async () => {
    const { runs, call } = controlled();
    const first = call();
    await setImmediate();
    const during = [call(), call(), call()];
    await setImmediate();
    assert.equal(runs.length, 1);
    runs[0]?.resolve(1);
    assert.equal(await first, 1);
    await setImmediate();
    assert.equal(runs.length, 2);
    runs[1]?.resolve(2);
    assert.deepEqual(await Promise.all(during), [2, 2, 2]);
    const later = call();
    await setImmediate();
    runs[2]?.resolve(3);
    assert.equal(await later, 3);
    assert.equal(runs.length, 3);
  });

  it("run after one that failed, which fails alone", async () => {
    const { runs, call } = controlled();
    const first = call();
    await setImmediate();
    const second = call();
    runs[0]?.reject(new Error("boom"));
    await assert.rejects(first, new Error("boom"));
    await setImmediate();
    runs[1]?.resolve(2);
    assert.equal(await second, 2);
  });
});
