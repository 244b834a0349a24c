import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  dependencyClosure,
  type RecordedResource,
  resourcesOfType,
} from "../../local/graph/resource-graph.ts";

function resource(urn: string, dependencies: readonly string[] = [], type = "any"): RecordedResource {
  const plain = { name: urn, custom: true, read: false, id: urn, inputs: {}, outputs: {}, parent: undefined };
  return { ...plain, urn, type, dependencies, retainOnDelete: false };
}

describe("dependencyClosure", () => {
  const graph = {
    resources: [
      resource("a"),
      resource("b", ["a"]),
      resource("c", ["b", "a"]),
      resource("d", ["c", "elsewhere"]),
      resource("ring", ["knot"]),
      resource("knot", ["ring"]),
    ],
  };

  it("holds what a resource depends on, directly or through others, and not itself", () => {
    assert.deepEqual([...dependencyClosure(graph, "d")].sort(), ["a", "b", "c", "elsewhere"]);
    assert.deepEqual([...dependencyClosure(graph, "b")], ["a"]);
  });

  it("is empty for a resource without dependencies, and for one that is not there", () => {
    assert.equal(dependencyClosure(graph, "a").size, 0);
    assert.equal(dependencyClosure(graph, "nobody").size, 0);
  });

  it("ends in a circle", () => {
    assert.deepEqual([...dependencyClosure(graph, "ring")].sort(), ["knot", "ring"]);
  });
});

describe("resourcesOfType", () => {
  it("returns the resources of exactly that type, in their order", () => {
    const [first, second] = [
      resource("first", [], "aws:iam/role:Role"),
      resource("second", [], "aws:iam/role:Role"),
    ];
    const policy = resource("policy", [], "aws:iam/rolePolicy:RolePolicy");
    assert.deepEqual(resourcesOfType({ resources: [first, policy, second] }, "aws:iam/role:Role"), [
      first,
      second,
    ]);
  });
});
