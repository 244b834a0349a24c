import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { bearer, handshakeStatus, withTestStack } from "../test-stack.ts";
import { clientId } from "../token-factory.ts";

const alice = { username: "alice", password: "Alice-demo-1", groups: [] };

describe("a rotation of the user pool's keys", () => {
  it("lets in tokens of the new keys, and of the former ones while they are published", () =>
    withTestStack({ users: [alice] }, async (stack) => {
      const { userPool } = stack;
      if (!userPool) throw new Error("the stack has no user pool");
      const newToken = () => userPool.issueTokens({ username: "alice", clientId }).AccessToken;
      const status = (token: string) => handshakeStatus(stack.url, bearer(token));

      const former = newToken();
      userPool.rotateSigningKeys();
      const latter = newToken();
      assert.deepEqual([await status(latter), await status(former)], [101, 101]);
    }));

  it("locks out tokens of retired keys, once the authorizer reads the keys afresh", () =>
    withTestStack({ users: [alice] }, async (stack) => {
      const { userPool } = stack;
      if (!userPool) throw new Error("the stack has no user pool");
      const newToken = () => userPool.issueTokens({ username: "alice", clientId }).AccessToken;
      const status = (token: string) => handshakeStatus(stack.url, bearer(token));

      const former = newToken();
      userPool.rotateSigningKeys();
      userPool.retireFormerSigningKeys();
      assert.equal(await status(former), 101, "the keys of the deployment");
      assert.deepEqual([await status(newToken()), await status(former)], [101, 401]);
    }));
});
