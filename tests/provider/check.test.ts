import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { unknownValue } from "../../local/protocol/property-values.ts";
import { type CheckOptions, TestProvider } from "./test-provider.ts";

const logGroup = "cloudwatch/logGroup:LogGroup";

describe("the provider's check", () => {
  let provider: TestProvider;
  before(() => {
    provider = new TestProvider();
  });

  const nameOf = (inputs: object, options?: CheckOptions) =>
    provider.check(logGroup, "access", inputs, options).inputs.name;

  describe("of names", () => {
    it("makes up one that is left out, another one for each creation", () => {
      const names = ["one", "other"].map((seed) => nameOf({}, { seed }));
      for (const name of names) assert.match(name, /^access-[0-9a-f]{7}$/);
      assert.notEqual(names[0], names[1]);
      assert.equal(nameOf({}, { seed: "one" }), names[0]);
    });

    it("keeps the one that it made up, and forgets one that the program gave", () => {
      const { inputs } = provider.check(logGroup, "access", {});
      assert.equal(nameOf({}, { olds: inputs, seed: "later" }), inputs.name);
      const given = provider.check(logGroup, "access", { name: "given" });
      assert.deepEqual([given.inputs.name, given.inputs.__defaults], ["given", []]);
      assert.match(nameOf({}, { olds: given.inputs }), /^access-[0-9a-f]{7}$/);
    });

    it("takes those that the operator's settings make, and makes none where they forbid it", () => {
      assert.equal(nameOf({}, { autonaming: { mode: "propose", name: "proposed" } }), "proposed");
      assert.equal(nameOf({}, { autonaming: { mode: "enforce", name: "enforced" } }), "enforced");
      assert.deepEqual(provider.check(logGroup, "access", {}, { autonaming: { mode: "disable" } }).failures, [
        ": name is required, because automatic names are disabled by configuration (pulumi:autonaming)",
      ]);
    });

    it("refuses a logical name that leaves no room for one", () => {
      const { failures } = provider.check("lambda/function:Function", "f".repeat(60), {});
      assert.equal(failures.length, 1);
      assert.match(failures[0] ?? "", /is longer than maximum length 64/);
    });
  });

  describe("of values", () => {
    it("reports what AWS would refuse, by property", () => {
      assert.deepEqual(provider.check(logGroup, "access", { retentionInDays: 2 }).failures.length, 1);
      assert.deepEqual(provider.check("lambda/function:Function", "f", { timeout: 901 }).failures, [
        "timeout: timeout is 901: ValidationException: 1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900",
      ]);
    });

    it("leaves what is not known yet to the creation", () => {
      for (const [type, inputs] of [
        [logGroup, { retentionInDays: unknownValue }],
        ["iam/role:Role", { assumeRolePolicy: unknownValue }],
        ["apigatewayv2/stage:Stage", { apiId: unknownValue, accessLogSettings: { format: unknownValue } }],
        ["lambda/function:Function", { role: unknownValue, environment: { variables: unknownValue } }],
      ] as const)
        assert.deepEqual(provider.check(type, "x", inputs).failures, [], type);
    });

    it("leaves what depends on other resources to the creation", () => {
      const inputs = {
        function: "nobody",
        action: "lambda:InvokeFunction",
        principal: "apigateway.amazonaws.com",
      };
      assert.deepEqual(provider.check("lambda/permission:Permission", "p", inputs).failures, []);
    });

    it("does not tell the value of a secret", () => {
      const { failures } = provider.check(
        logGroup,
        "access",
        { retentionInDays: 2 },
        {
          secretPaths: ["retentionInDays"],
        },
      );
      assert.deepEqual(failures, ["retentionInDays: retentionInDays is a secret that AWS refuses"]);
    });
  });

  it("keeps secrets secret", () => {
    const inputs = { tags: { team: "chat" }, retentionInDays: 7 };
    const { secretPaths } = provider.check(logGroup, "access", inputs, { secretPaths: ["tags.team"] });
    assert.deepEqual([...secretPaths].sort(), ["tags", "tagsAll"]);
  });

  it("adds the region, and the tags of the provider", () => {
    const configuration = { region: "eu-west-1", defaultTags: '{"tags":{"team":"chat","by":"us"}}' };
    const other = new TestProvider({ configuration });
    const { inputs } = other.check(logGroup, "access", { name: "a", tags: { by: "me" } });
    assert.deepEqual(inputs, {
      name: "a",
      region: "eu-west-1",
      tags: { by: "me" },
      tagsAll: { team: "chat", by: "me" },
      __defaults: [],
    });
    assert.equal(other.check(logGroup, "access", { region: "eu-north-1" }).inputs.region, "eu-north-1");
    assert.equal("region" in other.check("iam/role:Role", "r", {}).inputs, false);
  });
});
