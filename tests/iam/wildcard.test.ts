import assert from "node:assert/strict";
import { matchesArn, matchesWildcard } from "../../local/iam/wildcard.ts";

/** All texts of up to `length` of the given characters. */
function textsOf(characters: string, length: number): string[] {
  if (length === 0) return [""];
  const shorter = textsOf(characters, length - 1);
  const longest = shorter.filter((text) => text.length === length - 1);
  return [...shorter, ...longest.flatMap((text) => [...characters].map((character) => text + character))];
}

describe("wildcard", () => {
  it("agrees with a regular expression for every short pattern and text", () => {
    for (const pattern of textsOf("ab*?", 4)) {
      const expected = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
      for (const text of textsOf("ab", 5)) {
        assert.equal(matchesWildcard(pattern, text), expected.test(text), `${pattern} on ${text}`);
      }
    }
  });

  it("takes every other character literally", () => {
    assert.equal(matchesWildcard("a.c", "abc"), false);
    assert.equal(matchesWildcard("a[b]$", "a[b]$"), true);
    assert.equal(matchesWildcard("abc", "ABC"), false);
    assert.equal(matchesWildcard("a*c", "a*b*c"), true);
    assert.equal(matchesWildcard("*", ":/\n"), true);
  });

  it("answers at once where a regular expression would backtrack without end", () => {
    assert.equal(matchesWildcard(`${"*a".repeat(50)}b`, "a".repeat(5_000)), false);
  });

  it("matches an ARN part by part", () => {
    const arn = "arn:aws:execute-api:eu-west-1:123456789012:abc/prod/$connect";
    assert.equal(matchesArn("arn:aws:execute-api:*:123456789012:abc/*", arn), true);
    assert.equal(matchesArn("arn:*:*:*:*:*", arn), true);
    assert.equal(matchesArn("arn:aws:execute-api:eu-west-?:123456789012:abc/prod/$connect", arn), true);
    assert.equal(matchesArn("arn:aws:*:123456789012:abc/prod/$connect", arn), false);
    assert.equal(matchesArn("arn:aws:execute-api:*", arn), false);
    assert.equal(matchesArn("*", arn), false);
    assert.equal(matchesArn("arn:aws:execute-api:*:210987654321:abc/*", arn), false);
    assert.equal(
      matchesArn("arn:aws:lambda:*:*:function:*", "arn:aws:lambda:eu-west-1:1:function:a:b"),
      true,
    );
    assert.equal(matchesArn("arn:aws:lambda:*:*:function:a", "arn:aws:lambda:eu-west-1:1:function:b"), false);
    assert.equal(matchesArn("arn:*:*:*:*:*", "abc"), false);
    assert.equal(matchesArn("arn:aws:s3::x", "arn:aws:s3::x"), false);
  });
});
