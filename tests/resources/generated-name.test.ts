import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Properties } from "../../local/graph/resource-graph.ts";
import { OperatorError } from "../../local/operator-error.ts";
import { createResource, generatedNameOf, resourceTypes } from "../../local/resources/resource-types.ts";

const digits = "0123456789abcdef".repeat(4);
const account = {
  accountId: "123456789012",
  region: "us-east-1",
  partition: "aws",
  dnsSuffix: "amazonaws.com",
};

function nameOf(type: string, inputs: Properties = {}, name = "chat"): Properties {
  return generatedNameOf({ type: `aws:${type}`, name, inputs }, digits);
}

function created(type: string, inputs: Properties, id?: string): Properties {
  const urn = `urn:pulumi:test::sample::aws:${type}::chat`;
  return createResource({ type: `aws:${type}`, name: "chat", urn, inputs, id }, account).outputs;
}

describe("a generated name", () => {
  it("is made for these types and no others", () => {
    const named = resourceTypes.filter(({ generatedName }) => generatedName);
    assert.deepEqual(
      Object.fromEntries(
        named.map(({ type, generatedName: { property, prefixProperty, maxLength } = {} }) => [
          type.replace("aws:", ""),
          [property, prefixProperty, maxLength],
        ]),
      ),
      {
        "apigatewayv2/api:Api": ["name", undefined, 255],
        "apigatewayv2/authorizer:Authorizer": ["name", undefined, 255],
        "apigatewayv2/model:Model": ["name", undefined, 255],
        "apigatewayv2/stage:Stage": ["name", undefined, 255],
        "cloudwatch/logGroup:LogGroup": ["name", "namePrefix", 255],
        "cloudwatch/metricAlarm:MetricAlarm": ["name", undefined, 255],
        "cognito/userGroup:UserGroup": ["name", undefined, 255],
        "cognito/userPool:UserPool": ["name", undefined, 255],
        "cognito/userPoolClient:UserPoolClient": ["name", undefined, 255],
        "iam/policy:Policy": ["name", "namePrefix", 255],
        "iam/role:Role": ["name", "namePrefix", 64],
        "iam/rolePolicy:RolePolicy": ["name", "namePrefix", 255],
        "lambda/function:Function": ["name", undefined, 64],
        "lambda/permission:Permission": ["statementId", "statementIdPrefix", 100],
      },
    );
  });

  it("is the logical name, a dash and seven hex digits", () => {
    assert.deepEqual(nameOf("lambda/function:Function"), { name: "chat-0123456" });
    assert.deepEqual(nameOf("lambda/permission:Permission", { statementId: null }), {
      statementId: "chat-0123456",
    });
  });

  it("is not made where the program gives a name, even an empty one, or the start of one", () => {
    for (const inputs of [{ name: "mine" }, { name: "" }, { namePrefix: "mine-" }])
      assert.deepEqual(nameOf("iam/role:Role", inputs), {});
    assert.deepEqual(nameOf("apigatewayv2/route:Route"), {});
    assert.deepEqual(nameOf("s3/bucket:Bucket"), {});
  });

  it("is as long as the provider allows, and is refused rather than cut", () => {
    const longest = "n".repeat(56);
    assert.deepEqual(nameOf("iam/role:Role", {}, longest), { name: `${longest}-0123456` });
    assert.throws(
      () => nameOf("iam/role:Role", {}, `${longest}n`),
      (error) => {
        assert.ok(error instanceof OperatorError);
        assert.equal(
          error.message,
          `aws:iam/role:Role "${longest}n": name '${longest}n-' plus 7 random chars is longer than maximum length 64 (give the resource a shorter name, or set name)`,
        );
        return true;
      },
    );
    assert.deepEqual(nameOf("iam/role:Role", { name: "short" }, `${longest}n`), {});
  });

  it("is among the outputs, the same in every run", () => {
    const { name } = created("iam/role:Role", {});
    assert.match(name, /^chat-[0-9a-f]{7}$/);
    assert.deepEqual(created("iam/role:Role", {}), created("iam/role:Role", { name }));
    assert.equal(created("iam/role:Role", { name: "mine" }).name, "mine");
    assert.equal(created("iam/role:Role", {}, "theirs").name, "theirs");
  });

  it("starts as the program says, with 26 digits behind it", () => {
    assert.match(created("iam/role:Role", { namePrefix: "join-" }).name, /^join-[0-9a-f]{26}$/);
    const { statementId } = created("lambda/permission:Permission", { statementIdPrefix: "call" });
    assert.match(statementId, /^call[0-9a-f]{26}$/);
  });
});
