import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  differsAt,
  joinPath,
  pathParts,
  topmostName,
  valueAt,
  withFormerAt,
} from "../../../local/graph/property-path.ts";

describe("the path of a property", () => {
  const paths: readonly (readonly [path: string, parts: readonly (string | number)[]])[] = [
    ["", []],
    ["tags", ["tags"]],
    ["environment.variables.TOKEN", ["environment", "variables", "TOKEN"]],
    ["list[0].name", ["list", 0, "name"]],
    ["list[*]", ["list", "*"]],
    ['tags["app.kubernetes.io/name"]', ["tags", "app.kubernetes.io/name"]],
    ['["a \\" b"][12]', ['a " b', 12]],
    ["*", ["*"]],
  ];
  for (const [path, parts] of paths)
    it(`has the parts ${JSON.stringify(parts)} for ${JSON.stringify(path)}`, () => {
      assert.deepEqual(pathParts(path), parts);
      if (!parts.includes("*")) assert.equal(parts.reduce<string>(joinPath, ""), path);
    });

  for (const path of ["a[", "a[x]", 'a["b]', "a..b"])
    it(`is not ${JSON.stringify(path)}`, () => {
      assert.throws(() => pathParts(path), { message: /is not a path of a property/ });
    });

  it("begins with a name", () => {
    assert.deepEqual(["tags.a", "list[0]", '["a.b"].c', ""].map(topmostName), ["tags", "list", "a.b", ""]);
  });

  it("leads to a value", () => {
    const value = { list: [{ name: "a" }], "a.b": 1 };
    assert.equal(valueAt("list[0].name", value), "a");
    assert.equal(valueAt('["a.b"]', value), 1);
    assert.equal(valueAt("list[1].name", value), undefined);
    assert.equal(valueAt("constructor.name", value), undefined);
    assert.equal(valueAt("", value), value);
  });
});

describe("a difference at a path", () => {
  const one = { tags: { a: 1, b: 2 }, list: [{ name: "x", size: 1 }] };
  for (const [path, other, differs] of [
    ["tags", { ...one, tags: { a: 1, b: 2 } }, false],
    ["tags.a", { ...one, tags: { a: 1, b: 3 } }, false],
    ["tags.b", { ...one, tags: { a: 1, b: 3 } }, true],
    ["tags.c", { ...one, tags: { c: 1 } }, true],
    ["tags.a", {}, true],
    ["*", { ...one, tags: {} }, true],
    ["*", { ...one }, false],
    ["list[*].name", { ...one, list: [{ name: "x", size: 2 }] }, false],
    ["list[*].size", { ...one, list: [{ name: "x", size: 2 }] }, true],
    ["list[*].name", { ...one, list: [...one.list, { name: "y" }] }, true],
  ] as const)
    it(`is ${differs ? "" : "not "}there at ${path} of ${JSON.stringify(other)}`, () => {
      assert.equal(differsAt(path, one, other), differs);
    });
});

describe("a value that keeps what it was at a path", () => {
  for (const [what, path, value, former, kept] of [
    ["changed", "a", { a: 1, b: 1 }, { a: 2, b: 2 }, { a: 2, b: 1 }],
    ["removed", "a", { b: 1 }, { a: 2 }, { b: 1, a: 2 }],
    ["added", "a", { a: 1, b: 1 }, {}, { b: 1 }],
    ["changed deep inside", "a.b", { a: { b: 1, c: 1 } }, { a: { b: 2, c: 2 } }, { a: { b: 2, c: 1 } }],
    ["added deep inside", "a.b", { a: { b: 1, c: 1 } }, {}, { a: { c: 1 } }],
    ["removed with all around it", "a.b", {}, { a: { b: 2 } }, {}],
    ["an element", "a[1]", { a: [1, 2] }, { a: [3, 4] }, { a: [1, 4] }],
    ["an element that was not there", "a[1]", { a: [1, 2] }, { a: [3] }, { a: [1, 2] }],
    ["an element that is not there now", "a[1]", { a: [1] }, { a: [3, 4] }, { a: [1] }],
    ["each element of both lists", "a[*]", { a: [1, 2, 3] }, { a: [4, 5] }, { a: [4, 5, 3] }],
    [
      "a member of each element",
      "a[*].b",
      { a: [{ b: 1, c: 1 }] },
      { a: [{ b: 2, c: 2 }] },
      { a: [{ b: 2, c: 1 }] },
    ],
    ["each member", "a.*", { a: { b: 1, c: 1 } }, { a: { b: 2, d: 2 } }, { a: { b: 2, d: 2 } }],
    ["a list that was not there", "a[0]", { a: [1] }, {}, { a: [1] }],
    ["a list that was none", "a[0]", { a: [1] }, { a: 2 }, { a: [1] }],
    ["a member of what has none now", "a.b", { a: 1 }, { a: { b: 2 } }, { a: 1 }],
    ["everything", "*", { a: 1 }, { b: 2 }, { b: 2 }],
  ] as const)
    it(`keeps ${what}`, () => {
      const before = structuredClone(value);
      assert.deepEqual(withFormerAt(path, value, former), kept);
      assert.deepEqual(value, before);
    });
});
