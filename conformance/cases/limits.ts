import assert from "node:assert/strict";
import { connect } from "../client.ts";
import { factWith } from "../conformance-case.ts";

const slow = factWith("slow");
const minuteMs = 60_000;

/** What takes as long as it says. */
export const limitCases = [
  slow(
    "a connection that is idle for 10 minutes is closed with 1001 Going away",
    "observed",
    async (target) => {
      using client = await connect(target);
      const startedAt = Date.now();
      assert.deepEqual(await client.closed, { code: 1001, reason: "Going away" });
      const minutes = (Date.now() - startedAt) / minuteMs;
      assert.ok(minutes > 9 && minutes < 12, `closed after ${minutes.toFixed(1)} minutes`);
    },
  ),
  slow("a connection that is in use is closed after 2 hours, with 1001", "unconfirmed", async (target) => {
    using client = await connect(target);
    const startedAt = Date.now();
    const use = setInterval(() => client.socket.send('{"action":"whoami"}'), 5 * minuteMs);
    try {
      assert.equal((await client.closed).code, 1001);
    } finally {
      clearInterval(use);
    }
    const minutes = (Date.now() - startedAt) / minuteMs;
    assert.ok(minutes > 115 && minutes < 125, `closed after ${minutes.toFixed(1)} minutes`);
  }),
];
