import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { invalid, type LocalCognito, startLocalCognito, startTimeSeconds } from "./local-cognito.ts";

interface UsersAnswer {
  readonly Users: readonly { readonly Username: string }[];
  readonly PaginationToken?: string;
}

describe("ListUsers", () => {
  let cognito: LocalCognito;

  before(async () => {
    cognito = await startLocalCognito();
    await cognito.admin("AdminCreateUser", { Username: "carol", MessageAction: "SUPPRESS" });
    await cognito.admin("AdminDisableUser", { Username: "bob" });
  });

  after(() => cognito.server.close());

  const list = async (input: object) => (await cognito.admin("ListUsers", input))[1] as UsersAnswer;
  const names = async (input: object) => (await list(input)).Users.map(({ Username }) => Username);

  it("describes each user, with the attributes that are asked for", async () => {
    const alice = {
      Enabled: true,
      UserCreateDate: startTimeSeconds,
      UserLastModifiedDate: startTimeSeconds,
      UserStatus: "CONFIRMED",
      Username: "alice",
    };
    const sub = { Name: "sub", Value: cognito.pool.findUser("alice")?.sub };
    const email = { Name: "email", Value: "alice@example.com" };
    const Filter = 'username = "alice"';
    assert.deepEqual(await cognito.admin("ListUsers", { Filter }), [
      200,
      { Users: [{ ...alice, Attributes: [email, { Name: "email_verified", Value: "true" }, sub] }] },
    ]);
    assert.deepEqual(await cognito.admin("ListUsers", { Filter, AttributesToGet: ["sub", "email"] }), [
      200,
      { Users: [{ ...alice, Attributes: [email, sub] }] },
    ]);
  });

  it("pages through the users", async () => {
    const first = await list({ Limit: 2 });
    const second = await list({ Limit: 2, PaginationToken: first.PaginationToken });
    assert.deepEqual(
      [first, second].map(({ Users }) => Users.map(({ Username }) => Username)),
      [["alice", "bob"], ["carol"]],
    );
    assert.ok(first.PaginationToken);
    assert.equal("PaginationToken" in second, false);
    assert.deepEqual(
      await cognito.admin("ListUsers", { PaginationToken: "made-up" }),
      invalid("Invalid pagination token"),
    );
  });

  it("filters by one attribute, whole or by its beginning", async () => {
    const sub = cognito.pool.findUser("carol")?.sub;
    for (const [Filter, expected] of [
      ["", ["alice", "bob", "carol"]],
      ['username ^= "c"', ["carol"]],
      ['username = "c"', []],
      ['username = "Alice"', []],
      ['email = "alice@example.com"', ["alice"]],
      ['email^="alice@"', ["alice"]],
      ['email = "alice"', []],
      ['name = "\\"quoted\\""', []],
      [`sub = "${sub}"`, ["carol"]],
      ['status = "Disabled"', ["bob"]],
      ['cognito:user_status = "force_change_password"', ["carol"]],
    ] as const) {
      assert.deepEqual(await names({ Filter }), expected, Filter);
    }
  });

  it("refuses a filter that it cannot read", async () => {
    for (const Filter of [
      "email",
      'email = alice"',
      'email != "a"',
      'address = "a"',
      'custom:team = "a"',
      'constructor = "a"',
    ]) {
      assert.deepEqual(
        await cognito.admin("ListUsers", { Filter }),
        invalid("Error while parsing filter."),
        Filter,
      );
    }
  });
});
