import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { memoryPerConnection } from "../../bench/memory-per-connection.ts";

describe("the memory of a connection", () => {
  it("is what the process grew by, divided by the connections, in kB of 1,000 bytes", () => {
    const before = { rssBytes: 50_000_000, heapBytes: 10_000_000 };
    const after = { rssBytes: 80_000_000, heapBytes: 16_000_000 };
    assert.deepEqual(memoryPerConnection(before, after, 2000), { heapKb: 3, rssKb: 15 });
  });
});
