import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { isConnectionId, newId } from "../../local/gateway/ids.ts";

describe("an id", () => {
  it("has API Gateway's form, and no other is like it", () => {
    const ids = Array.from({ length: 2000 }, newId);
    for (const id of ids) assert.match(id, /^[\w-]{15}=$/);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.every(isConnectionId));
  });
});
