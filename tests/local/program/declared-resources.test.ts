import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { OperatorError } from "../../../local/operator-error.ts";
import {
  type DeclaredResource,
  DeclaredResources,
  type PlannedResource,
} from "../../../local/program/declared-resources.ts";
import { graphOf } from "../../resource-graph.ts";

const { account } = graphOf();

function logGroup(name: string, more: Partial<DeclaredResource> = {}): DeclaredResource {
  return {
    urn: `urn:pulumi:test::project::aws:cloudwatch/logGroup:LogGroup::${name}`,
    type: "aws:cloudwatch/logGroup:LogGroup",
    name,
    custom: true,
    read: false,
    parent: undefined,
    dependencies: [],
    id: undefined,
    properties: { retentionInDays: 1 },
    account,
    secretPaths: [],
    aliases: [],
    ignoreChanges: [],
    replaceOnChanges: [],
    retainOnDelete: false,
    protect: false,
    ...more,
  };
}

/** Declares these resources after those of the last run. */
function declare(former: DeclaredResources | undefined, ...resources: DeclaredResource[]) {
  const declared = new DeclaredResources({ folder: "/", account, former: former?.resources ?? [] });
  const operations = resources.map((one): PlannedResource["operation"] => {
    const planned = declared.plan(one);
    declared.add(planned);
    return planned.operation;
  });
  return { declared, operations };
}

const renamed = (to: string, from: string) => logGroup(to, { aliases: [logGroup(from).urn] });

describe("what a program declares", () => {
  it("is compared with what it declared before", () => {
    const { declared: first, operations } = declare(undefined, logGroup("a"), logGroup("b"), logGroup("c"));
    assert.deepEqual(operations, ["create", "create", "create"]);
    const changed = { retentionInDays: 3 };
    const { operations: then, declared } = declare(
      first,
      logGroup("a"),
      logGroup("b", { properties: changed }),
      logGroup("c", { properties: { ...changed, name: "given" } }),
    );
    assert.deepEqual(then, ["same", "update", "replace"]);
    assert.deepEqual(declared.removed, []);
  });

  it("is refused with AWS's answer where a name is taken, in the same region", () => {
    const named = (name: string, more: Partial<DeclaredResource> = {}) =>
      logGroup(name, { properties: { name: "/chat" }, ...more });
    assert.throws(
      () => declare(undefined, named("a"), named("b")),
      new OperatorError(
        'aws:cloudwatch/logGroup:LogGroup "b": ResourceAlreadyExistsException: The specified log group already exists',
      ),
    );
    const elsewhere = { account: { ...account, region: "eu-west-1" } };
    const read = { read: true, id: "/chat" };
    assert.equal(
      declare(undefined, named("a", read), named("b"), named("c", elsewhere)).operations.length,
      3,
    );
  });

  it("replaces where the paths that it names for that differ, and nowhere else", () => {
    const { declared: first } = declare(
      undefined,
      logGroup("a", { properties: { tags: { x: "1", y: "1" } } }),
    );
    const again = (tags: object, ...replaceOnChanges: string[]) =>
      declare(first, logGroup("a", { properties: { tags }, replaceOnChanges })).operations[0];
    assert.equal(again({ x: "1", y: "2" }, "tags.x"), "update");
    assert.equal(again({ x: "2", y: "1" }, "tags.x"), "replace");
    assert.equal(again({ x: "2", y: "1" }, "*"), "replace");
    assert.equal(again({ x: "1", y: "1" }, "*"), "same");
  });

  it("keeps what it ignores, which is no change", () => {
    const { declared: first } = declare(undefined, logGroup("a"));
    const ignoring = logGroup("a", {
      properties: { retentionInDays: 3 },
      ignoreChanges: ["retentionInDays"],
    });
    const { declared, operations } = declare(first, ignoring);
    assert.deepEqual(operations, ["same"]);
    assert.deepEqual(declared.resources[0]?.inputs, { retentionInDays: 1 });
    assert.deepEqual(declare(undefined, ignoring).declared.resources[0]?.inputs, { retentionInDays: 3 });
  });

  it("loses what it declares no more, but for what it only read", () => {
    const { declared: first } = declare(undefined, logGroup("a"), logGroup("b", { read: true, id: "b" }));
    assert.deepEqual(
      declare(first).declared.removed.map(({ name }) => name),
      ["a"],
    );
  });

  it("stays what it was under another name, over several runs", () => {
    const { declared: first } = declare(undefined, logGroup("a"));
    const { declared: second, operations } = declare(first, renamed("b", "a"));
    const { declared: third } = declare(second, renamed("c", "b"));
    assert.deepEqual(operations, ["same"]);
    const [a, b, c] = [first, second, third].map(({ resources: [one] }) => one);
    assert.deepEqual([b?.id, c?.id], [a?.id, a?.id]);
    assert.deepEqual([a?.firstUrn, b?.firstUrn, c?.firstUrn], [undefined, a?.urn, a?.urn]);
    assert.deepEqual([second.removed, third.removed], [[], []]);
  });

  it("is another resource under a name that was given up", () => {
    const { declared: first } = declare(undefined, logGroup("a"));
    const { declared: second } = declare(first, renamed("b", "a"));
    const { declared: third, operations } = declare(second, logGroup("b"), logGroup("a"));
    assert.deepEqual(operations, ["same", "create"]);
    const [b, a] = third.resources;
    assert.notEqual(a?.id, b?.id);
    const { declared: fourth } = declare(third, logGroup("b"), logGroup("a"));
    assert.deepEqual(
      fourth.resources.map(({ id }) => id),
      third.resources.map(({ id }) => id),
    );
  });

  it("is the successor of one resource only", () => {
    const { declared: first } = declare(undefined, logGroup("a"));
    const message = (name: string, other: string) =>
      `aws:cloudwatch/logGroup:LogGroup "${name}" and "${other}" are both the resource that was ${logGroup("a").urn}: only one of them may have that alias`;
    assert.throws(
      () => declare(first, renamed("b", "a"), renamed("c", "a")),
      new OperatorError(message("c", "b")),
    );
    assert.throws(
      () => declare(first, logGroup("a"), renamed("c", "a")),
      new OperatorError(message("c", "a")),
    );
    assert.throws(
      () => declare(first, renamed("b", "a"), logGroup("a")),
      new OperatorError(message("a", "b")),
    );
  });

  it("is found by its URN, with the outputs that a component registers later", () => {
    const component = logGroup("shelf", { type: "test:index:Shelf", custom: false, properties: {} });
    const { declared } = declare(undefined, component, logGroup("a"));
    declared.setOutputs(component.urn, { size: 1 });
    declared.setOutputs("urn:unknown", { size: 2 });
    assert.deepEqual(declared.find(component.urn)?.outputs, { size: 1 });
    assert.equal(declared.find(logGroup("a").urn), declared.resources[1]);
    assert.equal(declared.find("urn:unknown"), undefined);
  });

  it("names an account only where it is another one", () => {
    const elsewhere = { ...account, region: "eu-west-1" };
    const { declared } = declare(
      undefined,
      logGroup("a", { account: { ...account } }),
      logGroup("b", { account: elsewhere }),
    );
    assert.deepEqual(
      declared.resources.map((one) => one.account),
      [undefined, elsewhere],
    );
  });

  it("has all its tags as an output", () => {
    const tags = { team: "a" };
    const { declared } = declare(undefined, logGroup("a", { properties: { tags } }), logGroup("b"));
    assert.deepEqual(
      declared.resources.map(({ outputs }) => outputs.tagsAll),
      [tags, {}],
    );
  });
});
