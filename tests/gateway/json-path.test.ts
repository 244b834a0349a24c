import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { compileJsonPath } from "../../local/gateway/json-path.ts";

const data = { a: { b: 1, "with space": 2, "b-c": 3 }, list: [{ c: "x" }, null], é: 4 };

describe("a JSON path", () => {
  for (const [path, value] of [
    ["$", data],
    ["$.a.b", 1],
    ["$.a.b-c", 3],
    ["$['a']['with space']", 2],
    ['$["a"].b', 1],
    ["$.list[0].c", "x"],
    ["$.list[1]", null],
    ["$.é", 4],
    ["$.list[2]", undefined],
    ["$.missing.more", undefined],
    ["$.list.length", undefined],
    ["$.list[1].c", undefined],
    ["$.a.b.c", undefined],
    ["$.constructor", undefined],
    ["$.__proto__", undefined],
  ] as const)
    it(`reads ${path}`, () => assert.deepEqual(compileJsonPath(path)?.(data), value));

  for (const path of [
    "",
    "a",
    ".a",
    "$a",
    "$.",
    "$..a",
    "$.*",
    "$.list[*]",
    "$.list[-1]",
    "$.list[?(@.c)]",
    "$.a.count()",
  ])
    it(`is not ${path || "an empty text"}`, () => assert.equal(compileJsonPath(path), undefined));
});
