import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { loadAuthorizer } from "./built-authorizer.ts";
import { connectRequest } from "./connect-request.ts";
import { token } from "./forgery.ts";

describe("stack traces", () => {
  it("are as long as before after a decision, good or bad", async () => {
    const before = Error.stackTraceLimit;
    const authorizer = loadAuthorizer();
    for (const text of [token(), `${token().slice(0, -8)}AAAAAAAA`]) {
      await authorizer.decide(connectRequest({ Authorization: [`Bearer ${text}`] }));
      assert.equal(Error.stackTraceLimit, before);
    }
  });
});
