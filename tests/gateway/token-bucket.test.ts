import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { tokenBucket } from "../../local/gateway/token-bucket.ts";

describe("a token bucket", () => {
  it("admits the burst at once, and then the rate", () => {
    let now = 0;
    const admits = tokenBucket(2, 3, () => now);
    assert.deepEqual([1, 2, 3, 4].map(admits), [true, true, true, false]);
    now = 499;
    assert.equal(admits(), false);
    now = 500;
    assert.deepEqual([1, 2].map(admits), [true, false]);
  });

  it("never holds more than the burst", () => {
    let now = 0;
    const admits = tokenBucket(100, 2, () => now);
    now = 60_000;
    assert.deepEqual([1, 2, 3].map(admits), [true, true, false]);
  });
});
