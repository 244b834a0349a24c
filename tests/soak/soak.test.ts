import assert from "node:assert/strict";
import { Worker } from "node:worker_threads";
import { describe, it } from "mocha";
import { soak } from "./soak.ts";
import { replayCommand, soakSettings } from "./soak-settings.ts";

/** What every run comes across, however short. */
const occurrences = [
  "$disconnect 1000",
  "$disconnect 1001",
  "$disconnect 1006",
  "answers",
  "answers that tell of a failure",
  "environments killed",
  "handshake 101",
  "handshake 401",
  "pushes",
  "reloads",
];

describe("a stack under clients and faults at random", () => {
  it("answers each message or closes its connection, tells $disconnect once, and keeps nothing", async function () {
    const settings = soakSettings({ seed: 1, seconds: 30 });
    // A busy machine makes it longer.
    this.timeout((settings.seconds * 5 + 120) * 1000);
    const { violations, counts } = await soak(settings);
    assert.deepEqual(violations, [], `replay with ${replayCommand(settings)}`);
    // Before 24.6, Node does not tell threads apart by name, so none is killed.
    const expected = occurrences.filter(
      (what) => what !== "environments killed" || "threadName" in Worker.prototype,
    );
    assert.deepEqual(
      expected.filter((what) => !counts[what]),
      [],
    );
  });
});
