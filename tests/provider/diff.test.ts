import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import type { Properties } from "../../local/graph/resource-graph.ts";
import { unknownValue, writtenArchive } from "../../local/protocol/property-values.ts";
import { type StoredResource, TestProvider } from "./test-provider.ts";

describe("the provider's diff", () => {
  let provider: TestProvider;
  before(() => {
    provider = new TestProvider();
  });

  const stored = (type: string, inputs: Properties): StoredResource => {
    const checked = provider.check(type, "x", inputs);
    return { type, name: "x", id: "id", inputs: checked.inputs, outputs: {} };
  };
  const diff = (type: string, olds: Properties, news: Properties) => provider.diff(stored(type, olds), news);
  const nothing = { changes: "none", paths: [], replaces: [], deletesFirst: false };

  it("finds nothing where nothing differs", () => {
    assert.deepEqual(diff("iam/role:Role", { assumeRolePolicy: "{}" }, { assumeRolePolicy: "{}" }), nothing);
  });

  it("compares JSON by what it says", () => {
    const policies = ['{"Version":"1","Statement":[]}', '{ "Statement": [], "Version": "1" }'];
    const [olds, news] = policies.map((assumeRolePolicy) => ({ assumeRolePolicy }));
    assert.deepEqual(diff("iam/role:Role", olds ?? {}, news ?? {}), nothing);
  });

  it("names each property that an update changes", () => {
    const olds = { environment: { variables: { A: "1", B: "2" } }, timeout: 3 };
    const news = { environment: { variables: { A: "1", B: "3", C: "4" } } };
    assert.deepEqual(diff("lambda/function:Function", olds, news), {
      changes: "some",
      paths: ["environment.variables.B", "environment.variables.C", "timeout"],
      replaces: [],
      deletesFirst: false,
    });
  });

  it("sees other code by its hash alone", () => {
    const code = (hash: string) => ({ code: writtenArchive({ path: "./app", hash }) });
    assert.deepEqual(diff("lambda/function:Function", code("a"), code("a")), nothing);
    assert.deepEqual(diff("lambda/function:Function", code("a"), code("b")).paths, ["code"]);
  });

  it("replaces what no call of AWS can change, unknown values included", () => {
    const replaced = {
      changes: "some",
      paths: ["triggers.hash"],
      replaces: ["triggers"],
      deletesFirst: false,
    };
    for (const hash of ["b", unknownValue])
      assert.deepEqual(
        diff("apigatewayv2/deployment:Deployment", { triggers: { hash: "a" } }, { triggers: { hash } }),
        replaced,
      );
  });

  it("deletes first what has a name that the program gave, and creates first what it named itself", () => {
    const stage = (apiId: string, name?: string) => ({ apiId, ...(name && { name }) });
    const named = diff("apigatewayv2/stage:Stage", stage("a", "prod"), stage("b", "prod"));
    assert.deepEqual([named.replaces, named.deletesFirst], [["apiId"], true]);
    const unnamed = diff("apigatewayv2/stage:Stage", stage("a"), stage("b"));
    assert.deepEqual([unnamed.replaces, unnamed.deletesFirst], [["apiId"], false]);
  });

  it("replaces a resource that moves to another region", () => {
    const type = "cloudwatch/logGroup:LogGroup";
    assert.deepEqual(diff(type, { name: "a" }, { name: "a", region: "eu-west-1" }).replaces, ["region"]);
  });
});
