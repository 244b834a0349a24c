import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import {
  claimsOf,
  done,
  invalid,
  type LocalCognito,
  publicClient,
  refusal,
  startLocalCognito,
  startTimeSeconds,
  userPoolId,
} from "./local-cognito.ts";

const unknownGroup = refusal("ResourceNotFoundException", "Group not found.");
const common = { CreationDate: startTimeSeconds, LastModifiedDate: startTimeSeconds, UserPoolId: userPoolId };
const admins = { ...common, GroupName: "admins" };

describe("a group", () => {
  let cognito: LocalCognito;

  beforeEach(async () => {
    cognito = await startLocalCognito();
  });

  afterEach(() => cognito.server.close());

  const groupsIn = (username: string) => {
    const { AccessToken, IdToken } = cognito.pool.issueTokens({ username, clientId: publicClient.clientId });
    return [AccessToken, IdToken].map((token) => claimsOf(token)["cognito:groups"]);
  };
  const join = (Username: string, GroupName: string) =>
    cognito.admin("AdminAddUserToGroup", { Username, GroupName });

  it("is created with what describes it, once", async () => {
    const input = {
      GroupName: "editors",
      Description: "Who edit",
      Precedence: 0,
      RoleArn: "arn:aws:iam::123456789012:role/editors",
    };
    assert.deepEqual(await cognito.admin("CreateGroup", input), [200, { Group: { ...common, ...input } }]);
    assert.deepEqual(await cognito.admin("CreateGroup", { GroupName: "readers" }), [
      200,
      { Group: { ...common, GroupName: "readers" } },
    ]);
    assert.deepEqual(
      await cognito.admin("CreateGroup", input),
      refusal("GroupExistsException", "A group with the name already exists."),
    );
    assert.deepEqual(
      await cognito.admin("CreateGroup", { GroupName: "others", Precedence: -1 }),
      invalid(
        "1 validation error detected: Value '-1' at 'precedence' failed to satisfy constraint: " +
          "Member must have value greater than or equal to 0",
      ),
    );
  });

  it("is updated, and keeps what is left out", async () => {
    await cognito.admin("UpdateGroup", { GroupName: "admins", Description: "Who may" });
    const outcome = await cognito.admin("UpdateGroup", { GroupName: "admins", Precedence: 1 });
    const changed = { ...admins, Description: "Who may", Precedence: 1 };
    assert.deepEqual(outcome, [200, { Group: changed }]);
    assert.deepEqual(await cognito.admin("GetGroup", { GroupName: "admins" }), [200, { Group: changed }]);
    assert.deepEqual(await cognito.admin("UpdateGroup", { GroupName: "other" }), unknownGroup);
  });

  it("is listed, page by page", async () => {
    await cognito.admin("CreateGroup", { GroupName: "readers" });
    const readers = { ...common, GroupName: "readers" };
    assert.deepEqual(await cognito.admin("ListGroups"), [200, { Groups: [admins, readers] }]);
    const [, first] = await cognito.admin("ListGroups", { Limit: 1 });
    const { NextToken, ...rest } = first as { NextToken: string };
    assert.deepEqual(rest, { Groups: [admins] });
    assert.deepEqual(await cognito.admin("ListGroups", { Limit: 1, NextToken }), [
      200,
      { Groups: [readers] },
    ]);
  });

  it("is in the tokens that are issued after a user joined it, until the user leaves", async () => {
    await cognito.admin("CreateGroup", { GroupName: "editors" });
    assert.deepEqual(groupsIn("bob"), [undefined, undefined]);
    assert.deepEqual(await join("bob", "editors"), done);
    assert.deepEqual(await join("bob", "admins"), done);
    assert.deepEqual(await join("bob", "admins"), done);
    assert.deepEqual(groupsIn("bob"), [
      ["editors", "admins"],
      ["editors", "admins"],
    ]);
    const leave = { Username: "bob", GroupName: "editors" };
    assert.deepEqual(await cognito.admin("AdminRemoveUserFromGroup", leave), done);
    assert.deepEqual(groupsIn("bob"), [["admins"], ["admins"]]);
    assert.deepEqual(groupsIn("alice"), [["admins"], ["admins"]]);
  });

  it("is in the tokens of a refresh, which a sign-in before it brings", async () => {
    const { RefreshToken } = cognito.pool.issueTokens({ username: "bob", clientId: publicClient.clientId });
    await join("bob", "admins");
    const [, body] = await cognito.refresh(RefreshToken);
    const { AccessToken } = (body as { AuthenticationResult: { AccessToken: string } }).AuthenticationResult;
    assert.deepEqual(claimsOf(AccessToken)["cognito:groups"], ["admins"]);
  });

  it("is listed for its members", async () => {
    assert.deepEqual(await cognito.admin("AdminListGroupsForUser", { Username: "alice" }), [
      200,
      { Groups: [admins] },
    ]);
    assert.deepEqual(await cognito.admin("AdminListGroupsForUser", { Username: "bob" }), [
      200,
      { Groups: [] },
    ]);
  });

  it("is left by its members when it is deleted", async () => {
    assert.deepEqual(await cognito.admin("DeleteGroup", { GroupName: "admins" }), done);
    assert.deepEqual(groupsIn("alice"), [undefined, undefined]);
    assert.deepEqual(await cognito.admin("ListGroups"), [200, { Groups: [] }]);
    assert.deepEqual(await cognito.admin("AdminListGroupsForUser", { Username: "alice" }), [
      200,
      { Groups: [] },
    ]);
  });

  it("must be there", async () => {
    assert.deepEqual(await cognito.admin("DeleteGroup", { GroupName: "others" }), unknownGroup);
    assert.deepEqual(await join("bob", "others"), unknownGroup);
    assert.deepEqual(
      await cognito.admin("AdminRemoveUserFromGroup", { Username: "bob", GroupName: "others" }),
      unknownGroup,
    );
  });
});
