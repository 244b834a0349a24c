import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { nameOf, stackType, typeOf, urnOf } from "../../../local/graph/urn.ts";

const own = { stack: "dev", project: "chat", type: "aws:iam/role:Role", name: "role" };
const component = urnOf({ ...own, parent: undefined, type: "test:index:Shelf", name: "shelf" });

describe("a URN", () => {
  it("is made of stack, project, type and name", () => {
    const urn = "urn:pulumi:dev::chat::aws:iam/role:Role::role";
    assert.equal(urnOf({ ...own, parent: undefined }), urn);
    assert.equal(urnOf({ ...own, parent: "" }), urn);
    assert.equal(urnOf({ ...own, parent: `urn:pulumi:dev::chat::${stackType}::chat-dev` }), urn);
  });

  it("has the types of the parents in it", () => {
    const inside = urnOf({ ...own, parent: component });
    assert.equal(inside, "urn:pulumi:dev::chat::test:index:Shelf$aws:iam/role:Role::role");
    assert.equal(
      urnOf({ ...own, parent: inside, name: "inner" }),
      "urn:pulumi:dev::chat::test:index:Shelf$aws:iam/role:Role$aws:iam/role:Role::inner",
    );
  });

  it("gives the name and the type back, of names with colons too", () => {
    const urn = urnOf({ ...own, parent: component, name: "a::b" });
    assert.equal(nameOf(urn), "a::b");
    assert.equal(typeOf(urn), "aws:iam/role:Role");
    assert.deepEqual([nameOf(""), typeOf("")], ["", ""]);
  });
});
