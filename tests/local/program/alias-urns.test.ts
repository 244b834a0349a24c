import assert from "node:assert/strict";
import aliasMessages from "@pulumi/pulumi/proto/alias_pb.js";
import monitorMessages from "@pulumi/pulumi/proto/resource_pb.js";
import { describe, it } from "mocha";
import { urnOf } from "../../../local/graph/urn.ts";
import {
  aliasUrns,
  inheritOptions,
  type Registration,
  registrationOf,
} from "../../../local/program/registration.ts";

const own = { stack: "dev", project: "chat", parent: undefined, type: "aws:iam/role:Role", name: "role" };
const urn = (more: Partial<Omit<typeof own, "parent">> & { readonly parent?: string } = {}) =>
  urnOf({ ...own, ...more });
const shelf = (name: string) => urn({ type: "test:index:Shelf", name });

interface Spec {
  readonly name?: string;
  readonly type?: string;
  readonly stack?: string;
  readonly project?: string;
  readonly parent?: string;
  readonly isTop?: true;
}

function options(...aliases: (string | Spec)[]) {
  const result = new monitorMessages.TransformResourceOptions();
  result.setAliasesList(
    aliases.map((one) => {
      const alias = new aliasMessages.Alias();
      if (typeof one === "string") {
        alias.setUrn(one);
        return alias;
      }
      const spec = new aliasMessages.Alias.Spec();
      spec.setName(one.name ?? "");
      spec.setType(one.type ?? "");
      spec.setStack(one.stack ?? "");
      spec.setProject(one.project ?? "");
      if (one.parent !== undefined) spec.setParenturn(one.parent);
      if (one.isTop) spec.setNoparent(true);
      alias.setSpec(spec);
      return alias;
    }),
  );
  return result;
}

const none = () => [];

describe("the URNs that a resource may have had", () => {
  it("are none without aliases, and never its own", () => {
    assert.deepEqual(aliasUrns(options(), own, none), []);
    assert.deepEqual(aliasUrns(options(urn(), { name: "role" }), own, none), []);
  });

  it("are those that it names, or that differ from its own in what it names", () => {
    const aliases = options(
      "urn:other",
      { name: "old" },
      { type: "aws:iam/policy:Policy" },
      { stack: "prod" },
      { project: "talk" },
    );
    assert.deepEqual(aliasUrns(aliases, own, none), [
      "urn:other",
      urn({ name: "old" }),
      urn({ type: "aws:iam/policy:Policy" }),
      urn({ stack: "prod" }),
      urn({ project: "talk" }),
    ]);
  });

  it("are those under another parent, whatever that one was called, or at the top", () => {
    const parent = shelf("new");
    const aliasesOf = (of: string) => (of === shelf("other") ? [shelf("former")] : []);
    assert.deepEqual(
      aliasUrns(options({ parent: shelf("other") }, { isTop: true }), { ...own, parent: urn() }, aliasesOf),
      [urn({ parent: shelf("other") }), urn()],
    );
    const moved = urnOf({ ...own, parent: urn({ type: "test:index:Old", name: "x" }) });
    assert.deepEqual(
      aliasUrns(options({ parent }), own, (of) =>
        of === parent ? [urn({ type: "test:index:Old", name: "x" })] : [],
      ),
      [urn({ parent }), moved],
    );
  });

  it("are those that it has because its parent had another name or type", () => {
    const parent = shelf("new");
    const former = urn({ type: "test:index:OldShelf", name: "old" });
    const aliasesOf = (of: string) => (of === parent ? [former] : []);
    const child = { ...own, parent, name: "new-role" };
    assert.deepEqual(aliasUrns(options(), child, aliasesOf), [urn({ parent: former, name: "old-role" })]);
    assert.deepEqual(aliasUrns(options({ name: "first" }), child, aliasesOf), [
      urn({ parent, name: "first" }),
      urn({ parent: former, name: "old-role" }),
      urn({ parent: former, name: "first" }),
    ]);
  });
});

describe("the options that a resource takes from its parent", () => {
  const provider = (packageName: string) => `urn:pulumi:dev::chat::pulumi:providers:${packageName}::p::id-1`;

  function registration(type: string, custom: boolean, change: (options: Registration["options"]) => void) {
    const request = new monitorMessages.RegisterResourceRequest();
    request.setType(type);
    request.setName("child");
    request.setCustom(custom);
    const read = registrationOf(request);
    change(read.options);
    return read;
  }

  const parent = registration("test:index:Shelf", false, (given) => {
    given.setProtect(true);
    given.setRetainOnDelete(true);
    given.setDeletedWith("urn:a");
    given.setProvider(provider("aws"));
  }).options;

  it("are protect, retainOnDelete, deletedWith and the provider of its package", () => {
    const child = registration("aws:iam/role:Role", true, () => {});
    inheritOptions(child, parent);
    assert.deepEqual(
      [child.options.getProtect(), child.options.getRetainOnDelete(), child.options.getDeletedWith()],
      [true, true, "urn:a"],
    );
    assert.equal(child.options.getProvider(), provider("aws"));
  });

  it("are no provider of another package, but for components", () => {
    const other = registration("random:index/pet:Pet", true, () => {});
    inheritOptions(other, parent);
    assert.equal(other.options.getProvider(), "");
    const component = registration("other:index:Part", false, () => {});
    inheritOptions(component, parent);
    assert.equal(component.options.getProvider(), provider("aws"));
  });

  it("give way to its own", () => {
    const child = registration("aws:iam/role:Role", true, (given) => {
      given.setProtect(false);
      given.setRetainOnDelete(false);
      given.setDeletedWith("urn:b");
      given.setProvider("own");
    });
    inheritOptions(child, parent);
    assert.deepEqual(
      [child.options.getProtect(), child.options.getRetainOnDelete(), child.options.getDeletedWith()],
      [false, false, "urn:b"],
    );
    assert.equal(child.options.getProvider(), "own");
  });
});
