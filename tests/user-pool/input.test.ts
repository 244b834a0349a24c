import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readInput } from "../../local/user-pool/input.ts";

const members = {
  Name: { type: "string", pattern: "[\\p{L}]+", min: 2, max: 4 },
  Count: { type: "integer", min: 1, max: 3 },
  Flag: { type: "boolean" },
  Map: { type: "map" },
  List: { type: "list", item: { type: "string", values: ["a", "b"] } },
  Pair: {
    type: "structure",
    members: { Key: { type: "string", required: true }, Secret: { type: "string", sensitive: true, max: 1 } },
  },
} as const;

const read = (input: object) => readInput(members, JSON.stringify(input));

describe("an operation's input", () => {
  it("is read as its members say, and nothing else of it", () => {
    const input = {
      Name: "Zoë",
      Count: 3,
      Flag: false,
      Map: { a: "b" },
      List: ["a", "b"],
      Pair: { Key: "", Secret: undefined },
    };
    assert.deepEqual(read({ ...input, Other: 1 }), input);
    assert.deepEqual(read({ Name: null }), {
      Name: undefined,
      Count: undefined,
      Flag: undefined,
      Map: undefined,
      List: undefined,
      Pair: undefined,
    });
  });

  it("is refused where a member has another type", () => {
    for (const input of [
      { Name: 1 },
      { Count: 1.5 },
      { Count: "1" },
      { Flag: "true" },
      { Map: { a: 1 } },
      { Map: [] },
      { List: "a" },
      { List: [1] },
      { List: {} },
      { Pair: [] },
      { Pair: { Key: 1 } },
    ]) {
      assert.throws(
        () => read(input),
        { code: "SerializationException", message: "" },
        JSON.stringify(input),
      );
    }
  });

  it("is refused with every constraint that it breaks, wherever in it", () => {
    const at = (value: string, path: string, constraint: string) =>
      `Value${value} at '${path}' failed to satisfy constraint: Member must ${constraint}`;
    assert.throws(() => read({ Name: "1", Count: 0, List: ["a", "c"], Pair: { Secret: "xy" } }), {
      code: "InvalidParameterException",
      message: `6 validation errors detected: ${[
        at(" '1'", "name", "satisfy regular expression pattern: [\\p{L}]+"),
        at(" '1'", "name", "have length greater than or equal to 2"),
        at(" '0'", "count", "have value greater than or equal to 1"),
        at(" 'c'", "list.2.member", "satisfy enum value set: [a, b]"),
        at(" null", "pair.key", "not be null"),
        at("", "pair.secret", "have length less than or equal to 1"),
      ].join("; ")}`,
    });
    assert.throws(() => read({ Name: "abcde", Count: 4 }), {
      message: `2 validation errors detected: ${[
        at(" 'abcde'", "name", "have length less than or equal to 4"),
        at(" '4'", "count", "have value less than or equal to 3"),
      ].join("; ")}`,
    });
  });
});
