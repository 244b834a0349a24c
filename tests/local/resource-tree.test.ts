import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { RecordedResource } from "../../local/graph/resource-graph.ts";
import { resourceTree } from "../../local/screen/resource-tree.ts";
import { graphOf, resource } from "../resource-graph.ts";
import { withoutColours } from "../without-colours.ts";

function component(type: string, name: string, parent?: RecordedResource): RecordedResource {
  return childOf(parent, {
    ...resource("", name),
    urn: `urn:pulumi:test::project::${type}::${name}`,
    type,
    custom: false,
  });
}

function childOf(parent: RecordedResource | undefined, child: RecordedResource): RecordedResource {
  return { ...child, parent: parent?.urn };
}

describe("the resource tree", () => {
  withoutColours();

  it("shows components with their parts below them, in the order of the program", () => {
    const route = component("project:infra:Route", "join");
    const lambda = component("project:infra:LambdaFunction", "join", route);
    const last = component("project:infra:Route", "leave");
    const tree = resourceTree(
      graphOf(
        resource("apigatewayv2/api:Api", "chat"),
        route,
        lambda,
        childOf(lambda, resource("iam/role:Role", "join")),
        childOf(route, resource("lambda/permission:Permission", "join")),
        resource("apigatewayv2/stage:Stage", "chat"),
        last,
        childOf(last, resource("iam/role:Role", "leave")),
      ),
    );
    assert.deepEqual(tree.split("\n"), [
      "project (test)",
      "├─ apigatewayv2.Api chat",
      "├─ Route join",
      "│  ├─ LambdaFunction join",
      "│  │  └─ iam.Role join",
      "│  └─ lambda.Permission join",
      "├─ apigatewayv2.Stage chat",
      "└─ Route leave",
      "   └─ iam.Role leave",
    ]);
  });

  it("shows each program on its own, the first one first", () => {
    const role = resource("iam/role:Role", "push");
    const other = { ...role, urn: role.urn.replace("::project::", "::notifier::") };
    assert.deepEqual(resourceTree(graphOf(other, role)).split("\n"), [
      "project (test)",
      "└─ iam.Role push",
      "",
      "notifier (test)",
      "└─ iam.Role push",
    ]);
  });

  it("is one line for a program without resources", () => {
    assert.equal(resourceTree(graphOf()), "project (test)");
  });
});
