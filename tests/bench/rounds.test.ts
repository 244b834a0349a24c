import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { interleave } from "../../bench/interleave.ts";
import { atLeast, atMost } from "../../bench/rounded.ts";
import { median, ratio } from "../../bench/rounds.ts";

describe("the rounds of a benchmark", () => {
  it("run every contender once before any runs again", async () => {
    const order: string[] = [];
    const contender = (name: string) => ({ name, run: async () => order.push(name) });
    const values = await interleave("rounds", 2, [contender("a"), contender("b")]);
    assert.deepEqual(order, ["a", "b", "a", "b"]);
    assert.deepEqual(
      [...values],
      [
        ["a", [1, 3]],
        ["b", [2, 4]],
      ],
    );
  });

  it("have the middle value as their median, and the mean of two", () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([9, 1, 5, 6]), 5.5);
  });

  it("compare values of one round with each other", () => {
    const rounds = new Map([
      ["ours", [1, 20, 3]],
      ["theirs", [2, 100, 4]],
    ]);
    assert.equal(ratio(rounds, "ours", "theirs"), 0.5);
  });

  it("are compared only if they were run", () => {
    assert.throws(() => ratio(new Map([["ours", [1]]]), "ours", "theirs"), {
      message: "nothing was measured for theirs",
    });
  });
});

describe("a figure of a benchmark", () => {
  it("is rounded up where it is this project's", () => {
    assert.equal(atMost(0.2501, 2), "0.26");
    assert.equal(atMost(17_974, 0), "17,974");
  });

  it("is rounded down where it is another's", () => {
    assert.equal(atLeast(0.2599, 2), "0.25");
  });
});
