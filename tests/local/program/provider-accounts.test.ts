import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { OperatorError } from "../../../local/operator-error.ts";
import { providerSettings, regional } from "../../../local/program/provider-accounts.ts";
import { graphOf } from "../../resource-graph.ts";

const base = graphOf().account;
const role = (accountId: string) => `arn:aws:iam::${accountId}:role/a`;

describe("the account of a provider", () => {
  for (const [what, configuration, accountId] of [
    ["the default one", {}, base.accountId],
    ["the only one that is allowed", { allowedAccountIds: ["111111111111"] }, "111111111111"],
    ["the only one that is allowed, as JSON", { allowedAccountIds: '["111111111111"]' }, "111111111111"],
    ["the default one of several", { allowedAccountIds: ["111111111111", "222222222222"] }, base.accountId],
    [
      "that of the role that is assumed last",
      { assumeRoles: [{ roleArn: role("111111111111") }, { roleArn: role("222222222222") }] },
      "222222222222",
    ],
    [
      "that of the assumed role, as JSON",
      { assumeRole: JSON.stringify({ roleArn: role("333333333333") }) },
      "333333333333",
    ],
    [
      "the allowed one before that of the assumed role",
      { allowedAccountIds: ["111111111111"], assumeRoles: [{ roleArn: role("222222222222") }] },
      "111111111111",
    ],
    ["the default one for a role of another form", { assumeRoles: [{ roleArn: "admin" }] }, base.accountId],
  ] as const)
    it(`is ${what}`, () => {
      assert.deepEqual(providerSettings(configuration, base), {
        account: { ...base, accountId },
        defaultTags: {},
      });
    });

  it("is in the provider's region, with its partition", () => {
    assert.deepEqual(providerSettings({ region: "cn-north-1" }, base).account, {
      ...base,
      region: "cn-north-1",
      partition: "aws-cn",
      dnsSuffix: "amazonaws.com.cn",
    });
  });

  it("is in no region that AWS has not", () => {
    assert.throws(() => providerSettings({ region: "us-esat-1" }, base), OperatorError);
  });

  it("has tags for its resources, as an object or as JSON", () => {
    const defaultTags = { tags: { team: "a" } };
    for (const given of [defaultTags, JSON.stringify(defaultTags)])
      assert.deepEqual(providerSettings({ defaultTags: given }, base).defaultTags, { team: "a" });
  });

  it("takes text that only looks like JSON as text", () => {
    assert.deepEqual(providerSettings({ profile: "[dev" }, base).account, base);
  });
});

describe("an account in another region", () => {
  it("keeps its id and its log role", () => {
    const logging = { ...base, accountId: "111111111111", apiGatewayLogRoleArn: role("111111111111") };
    assert.deepEqual(regional("eu-west-1", logging), { ...logging, region: "eu-west-1" });
  });

  it("is the same one for the same region, or none", () => {
    assert.equal(regional(undefined, base), base);
    assert.equal(regional(base.region, base), base);
  });
});
