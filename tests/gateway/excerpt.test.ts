import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { excerpt } from "../../local/gateway/excerpt.ts";

describe("an excerpt", () => {
  it("is the whole of a text of up to 1,000 characters, and the beginning of a longer one", () => {
    assert.equal(excerpt(""), "");
    assert.equal(excerpt("é".repeat(1000)), "é".repeat(1000));
    assert.equal(excerpt("é".repeat(1001)), `${"é".repeat(1000)}…`);
  });
});
