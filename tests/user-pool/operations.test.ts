import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { operations } from "../../local/user-pool/operations.ts";
import { type LocalCognito, outcomeOf, refusal, startLocalCognito } from "./local-cognito.ts";

const named = (credentials: "signature" | "none") =>
  [...operations].filter(([, operation]) => operation.credentials === credentials).map(([name]) => name);

describe("Cognito operations", () => {
  let cognito: LocalCognito;

  before(async () => {
    cognito = await startLocalCognito();
  });

  after(() => cognito.server.close());

  it("are these for anyone", () => {
    assert.deepEqual(named("none").sort(), [
      "ChangePassword",
      "ConfirmSignUp",
      "GetTokensFromRefreshToken",
      "GetUser",
      "GlobalSignOut",
      "InitiateAuth",
      "ResendConfirmationCode",
      "RespondToAuthChallenge",
      "RevokeToken",
      "SignUp",
    ]);
  });

  it("are these for holders of AWS credentials", () => {
    assert.deepEqual(named("signature").sort(), [
      "AdminAddUserToGroup",
      "AdminConfirmSignUp",
      "AdminCreateUser",
      "AdminDeleteUser",
      "AdminDisableUser",
      "AdminEnableUser",
      "AdminGetUser",
      "AdminInitiateAuth",
      "AdminListGroupsForUser",
      "AdminRemoveUserFromGroup",
      "AdminRespondToAuthChallenge",
      "AdminSetUserPassword",
      "AdminUpdateUserAttributes",
      "AdminUserGlobalSignOut",
      "CreateGroup",
      "CreateUserPoolClient",
      "DeleteGroup",
      "DeleteUserPoolClient",
      "DescribeUserPool",
      "DescribeUserPoolClient",
      "GetGroup",
      "ListGroups",
      "ListUserPoolClients",
      "ListUsers",
      "UpdateGroup",
      "UpdateUserPool",
      "UpdateUserPoolClient",
    ]);
  });

  it("know no pool but their own", async () => {
    const input = {
      UserPoolId: "us-east-1_Other",
      Username: "alice",
      ClientId: "publicclient1",
      ClientName: "publicclient1",
      GroupName: "admins",
      Password: "Alice-demo-2",
      UserAttributes: [],
      AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
      ChallengeName: "NEW_PASSWORD_REQUIRED",
    };
    const names = named("signature");
    const replies = await Promise.all(names.map((name) => cognito.callSigned(name, input)));
    const unknown = refusal("ResourceNotFoundException", "User pool us-east-1_Other does not exist.");
    assert.deepEqual(
      replies.map((reply, i) => [names[i], outcomeOf(reply)]),
      names.map((name) => [name, unknown]),
    );
  });

  it("know no user but those of the pool", async () => {
    const input = { Username: "carol", GroupName: "admins", Password: "Carol-demo-1", UserAttributes: [] };
    const names = [
      "AdminAddUserToGroup",
      "AdminConfirmSignUp",
      "AdminDeleteUser",
      "AdminDisableUser",
      "AdminEnableUser",
      "AdminGetUser",
      "AdminListGroupsForUser",
      "AdminRemoveUserFromGroup",
      "AdminSetUserPassword",
      "AdminUpdateUserAttributes",
      "AdminUserGlobalSignOut",
    ];
    const outcomes = await Promise.all(names.map((name) => cognito.admin(name, input)));
    const unknown = refusal("UserNotFoundException", "User does not exist.");
    assert.deepEqual(
      outcomes.map((outcome, i) => [names[i], outcome]),
      names.map((name) => [name, unknown]),
    );
  });
});
