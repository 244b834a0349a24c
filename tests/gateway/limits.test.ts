import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { awsLimits } from "../../local/gateway/limits.ts";

describe("the limits", () => {
  it("that AWS publishes are AWS's", () => {
    const { connectBurstLimit, waitingMessages, bufferedBytes, closeTimeoutMs, ...published } = awsLimits;
    assert.deepEqual(published, {
      connectRateLimit: 500,
      requestRateLimit: 10_000,
      requestBurstLimit: 5000,
      idleMs: 600_000,
      connectionAgeMs: 7_200_000,
      messageBytes: 131_072,
      frameBytes: 32_768,
    });
  });
});
