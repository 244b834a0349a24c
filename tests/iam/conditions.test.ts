import assert from "node:assert/strict";
import { conditionHolds } from "../../local/iam/conditions.ts";
import type { Condition } from "../../local/iam/policy-document.ts";

const arn = "arn:aws:execute-api:eu-west-1:123456789012:abc/prod/$connect";

function holds(condition: Condition, keys: Readonly<Record<string, readonly string[]>> = {}): boolean {
  return conditionHolds(condition, new Map(Object.entries(keys)));
}

/** Operator, expected value, values that pass, values that fail. */
const cases: readonly [string, string, readonly string[], readonly string[]][] = [
  ["StringEquals", "a*", ["a*"], ["A*", "ab", ""]],
  ["StringNotEquals", "a*", ["A*", "ab"], ["a*"]],
  ["StringEqualsIgnoreCase", "Ab", ["aB", "Ab"], ["b"]],
  ["StringNotEqualsIgnoreCase", "Ab", ["b"], ["aB"]],
  ["StringLike", "a?c*", ["abc", "abcd"], ["ac", "Abc"]],
  ["StringNotLike", "a?c*", ["ac"], ["abcd"]],
  ["ArnEquals", "arn:aws:execute-api:*:*:abc/*", [arn], ["arn:aws:execute-api:x:y:abd/prod", "abc"]],
  ["ArnLike", "arn:aws:execute-api:*:*:abc/*", [arn], ["arn:aws:s3:x:y:abc/prod"]],
  ["ArnNotEquals", "arn:aws:execute-api:*:*:abc/*", ["arn:aws:s3:x:y:abc/prod"], [arn]],
  ["ArnNotLike", "arn:aws:execute-api:*:*:abc/*", ["arn:aws:s3:x:y:abc/prod"], [arn]],
  ["Bool", "true", ["true", "TRUE"], ["false", "1"]],
  ["NumericEquals", "10", ["10", "10.0"], ["9", "", "ten"]],
  ["NumericNotEquals", "10", ["9"], ["10.0"]],
  ["NumericLessThan", "10", ["9", "-1"], ["10", "11", ""]],
  ["NumericLessThanEquals", "10", ["9", "10"], ["11"]],
  ["NumericGreaterThan", "10", ["11"], ["10", "9"]],
  ["NumericGreaterThanEquals", "10", ["10", "11"], ["9"]],
  ["DateEquals", "2026-01-01T00:00:00Z", ["1767225600", "2026-01-01T01:00:00+01:00"], ["2026-01-02"]],
  ["DateNotEquals", "2026-01-01T00:00:00Z", ["2026-01-02"], ["1767225600"]],
  ["DateLessThan", "2026-01-01T00:00:00Z", ["2025-12-31"], ["2026-01-01", "2026-01-02"]],
  ["DateLessThanEquals", "2026-01-01T00:00:00Z", ["2026-01-01"], ["2026-01-02"]],
  ["DateGreaterThan", "2026-01-01T00:00:00Z", ["2026-01-02"], ["2026-01-01"]],
  ["DateGreaterThanEquals", "2026-01-01T00:00:00Z", ["2026-01-01"], ["2025-12-31"]],
  ["IpAddress", "203.0.113.0/24", ["203.0.113.7"], ["203.0.114.7", "2001:db8::1", "here"]],
  ["IpAddress", "2001:db8::/32", ["2001:db8::1"], ["2001:db9::1", "203.0.113.7"]],
  ["IpAddress", "203.0.113.7", ["203.0.113.7"], ["203.0.113.8"]],
  ["NotIpAddress", "203.0.113.0/24", ["203.0.114.7"], ["203.0.113.7"]],
];

describe("condition", () => {
  for (const [operator, expected, passing, failing] of cases) {
    it(`compares with ${operator} "${expected}"`, () => {
      const passes = (value: string) =>
        holds({ [operator]: { "aws:key": expected } }, { "aws:key": [value] });
      assert.deepEqual(passing.filter(passes), passing);
      assert.deepEqual(failing.filter(passes), []);
    });
  }

  it("fails where the key is absent, except for a negated operator", () => {
    const results = cases.map(([operator, expected]) => [
      operator,
      holds({ [operator]: { "aws:key": expected } }),
    ]);
    assert.deepEqual(
      results,
      cases.map(([operator]) => [operator, operator.includes("Not")]),
    );
  });

  it("passes an absent key and still compares a present one with IfExists", () => {
    const condition = { StringEqualsIfExists: { "aws:key": "a" } };
    assert.equal(holds(condition), true);
    assert.equal(holds(condition, { "aws:key": ["a"] }), true);
    assert.equal(holds(condition, { "aws:key": ["b"] }), false);
  });

  it("looks only at the presence of a key with Null", () => {
    assert.equal(holds({ Null: { "aws:key": "true" } }), true);
    assert.equal(holds({ Null: { "aws:key": false } }), false);
    assert.equal(holds({ Null: { "aws:key": "true" } }, { "aws:key": ["x"] }), false);
    assert.equal(holds({ Null: { "aws:key": "false" } }, { "aws:key": ["x"] }), true);
  });

  it("joins the values of one key by or, and by nor where the operator is negated", () => {
    assert.equal(holds({ StringEquals: { "aws:key": ["a", "b"] } }, { "aws:key": ["b"] }), true);
    assert.equal(holds({ StringNotEquals: { "aws:key": ["a", "b"] } }, { "aws:key": ["b"] }), false);
    assert.equal(holds({ StringNotEquals: { "aws:key": ["a", "b"] } }, { "aws:key": ["c"] }), true);
  });

  it("joins keys and operators by and", () => {
    const keys = { "aws:a": ["1"], "aws:b": ["2"] };
    assert.equal(holds({ StringEquals: { "aws:a": "1", "aws:b": "2" } }, keys), true);
    assert.equal(holds({ StringEquals: { "aws:a": "1", "aws:b": "3" } }, keys), false);
    assert.equal(holds({ StringEquals: { "aws:a": "1" }, StringLike: { "aws:b": "3*" } }, keys), false);
  });

  it("needs every value of the request with ForAllValues", () => {
    const condition = { "ForAllValues:StringLike": { "aws:keys": ["a*", "b*"] } };
    assert.equal(holds(condition, { "aws:keys": ["a1", "b1"] }), true);
    assert.equal(holds(condition, { "aws:keys": ["a1", "c1"] }), false);
    assert.equal(holds(condition), true);
  });

  it("needs one value of the request with ForAnyValue", () => {
    const condition = { "ForAnyValue:StringEquals": { "aws:keys": ["a", "b"] } };
    assert.equal(holds(condition, { "aws:keys": ["c", "b"] }), true);
    assert.equal(holds(condition, { "aws:keys": ["c"] }), false);
    assert.equal(holds(condition), false);
    assert.equal(holds({ "ForAnyValue:StringNotEquals": { "aws:keys": "a" } }), false);
    assert.equal(
      holds({ "ForAnyValue:StringNotEquals": { "aws:keys": "a" } }, { "aws:keys": ["a", "b"] }),
      true,
    );
    assert.equal(holds({ "ForAnyValue:StringEqualsIfExists": { "aws:keys": "a" } }), true);
  });

  it("compares key names in any letter case, and numbers and booleans as text", () => {
    assert.equal(holds({ Bool: { "AWS:SecureTransport": true } }, { "aws:securetransport": ["true"] }), true);
    assert.equal(holds({ NumericLessThan: { "aws:Age": 10 } }, { "aws:age": ["9"] }), true);
  });

  for (const name of [
    "StringMatches",
    "stringEquals",
    "StringEqualsIfExistsIfExists",
    "ForSomeValues:StringEquals",
    "NullIfExists",
    "ForAllValues:Null",
    "constructor",
    "",
  ]) {
    it(`refuses the operator "${name}", even where another operator already fails`, () => {
      assert.throws(() => holds({ StringEquals: { "aws:key": "a" }, [name]: { "aws:key": "true" } }), {
        message: `unknown condition operator "${name}"`,
      });
    });
  }

  for (const [operator, value] of [
    ["Bool", "yes"],
    ["Null", "1"],
    ["NumericEquals", "ten"],
    ["NumericEqualsIfExists", ""],
    ["DateLessThan", "2026-01-01T00:00:00"],
    ["DateLessThan", "tomorrow"],
    ["IpAddress", "203.0.113.0/33"],
    ["IpAddress", "203.0.113.0/24/8"],
    ["NotIpAddress", "example.com"],
  ] as const) {
    it(`refuses to compare with ${operator} "${value}"`, () => {
      assert.throws(() => holds({ [operator]: { "aws:key": value } }), {
        message: `${operator} cannot compare with "${value}"`,
      });
    });
  }

  it("refuses a policy variable", () => {
    assert.throws(() => holds({ StringEquals: { "aws:key": "${aws:username}" } }), {
      message: 'policy variables are not supported: "${aws:username}"',
    });
  });
});
