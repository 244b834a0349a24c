import assert from "node:assert/strict";
import { demoUsers } from "../../local/user-pool/demo-users.ts";

describe("demo users", () => {
  it("are alice, an admin, and bob, in no group", () => {
    assert.deepEqual(
      demoUsers.map(({ username, groups }) => [username, groups]),
      [
        ["alice", ["admins"]],
        ["bob", []],
      ],
    );
  });

  it("have passwords that Cognito's default policy takes", () => {
    for (const { password } of demoUsers) {
      assert.match(password, /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^A-Za-z0-9]).{8,}$/);
    }
  });
});
