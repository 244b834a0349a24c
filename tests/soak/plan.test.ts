import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { lastClients, planOf } from "./plan.ts";
import { Random } from "./random.ts";

const args = { seed: 7, durationMs: 60_000, prefix: "client" };

describe("the plan of a soak", () => {
  it("is drawn with mulberry32", () => {
    const random = new Random(1);
    assert.deepEqual(
      [random.next(), random.next(), random.next()],
      [0.6270739405881613, 0.002735721180215478, 0.5274470399599522],
    );
  });

  it("is the same for the same seed, and another for another", () => {
    assert.deepEqual(planOf(args), planOf(args));
    assert.deepEqual(lastClients(7, 20), lastClients(7, 20));
    assert.notDeepEqual(planOf(args), planOf({ ...args, seed: 8 }));
    assert.notDeepEqual(lastClients(7, 20), lastClients(8, 20));
  });

  it("has clients of every kind, and names none twice", () => {
    const { clients } = planOf(args);
    assert.equal(clients.length, 360);
    assert.equal(new Set(clients.map(({ name }) => name)).size, 360);
    const tokens = clients.flatMap((client) =>
      client.type === "webSocket" ? [client.token] : [client.kind],
    );
    assert.deepEqual([...new Set(tokens)].sort(), [
      "deaf",
      "expired",
      "forged",
      "garbage",
      "good",
      "halfClosing",
      "halfRequest",
      "lingering",
      "none",
      "otherPool",
      "silent",
      "vanishing",
    ]);
  });

  it("strikes functions and the program in order", () => {
    const { faults } = planOf(args);
    assert.deepEqual([...new Set(faults.map(({ type }) => type))].sort(), ["kill", "reload"]);
    const times = faults.map(({ atMs }) => atMs);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  });
});
