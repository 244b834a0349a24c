import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { UserPool } from "../../local/user-pool/user-pool.ts";
import { bearer, handshakeStatus, withTestStack } from "../test-stack.ts";
import { clientId } from "../token-factory.ts";

const alice = { username: "alice", password: "Alice-demo-1", groups: [] };

interface Context {
  readonly userPool: UserPool;
  readonly newToken: () => string;
  readonly status: (token: string) => Promise<number>;
}

function withUserPool(use: (context: Context) => Promise<void>): Promise<void> {
  return withTestStack({ users: [alice] }, ({ userPool = assert.fail("no user pool"), url }) =>
    use({
      userPool,
      newToken: () => userPool.issueTokens({ username: "alice", clientId }).AccessToken,
      status: (token) => handshakeStatus(url, bearer(token)),
    }),
  );
}

describe("a rotation of the user pool's keys", () => {
  it("lets in tokens of the new keys, and of the former ones while they are published", () =>
    withUserPool(async ({ userPool, newToken, status }) => {
      const former = newToken();
      userPool.rotateSigningKeys();
      const latter = newToken();
      assert.deepEqual([await status(latter), await status(former)], [101, 101]);
    }));

  it("locks out tokens of retired keys, once the authorizer reads the keys afresh", () =>
    withUserPool(async ({ userPool, newToken, status }) => {
      const former = newToken();
      userPool.rotateSigningKeys();
      userPool.retireFormerSigningKeys();
      assert.equal(await status(former), 101, "the keys of the deployment");
      assert.deepEqual([await status(newToken()), await status(former)], [101, 401]);
    }));
});
