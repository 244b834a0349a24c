import assert from "node:assert/strict";
import { awsCli, awsCliAbsence, awsCliVersion } from "../local/aws-cli.ts";
import { skipWithout } from "../skip-without.ts";
import {
  claimsOf,
  type LocalCognito,
  publicClient,
  secretClient,
  startLocalCognito,
  userPoolId,
} from "./local-cognito.ts";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "local" };

describe("AWS CLI against the user pool server", () => {
  let cognito: LocalCognito;

  before(async function () {
    skipWithout(this, awsCliVersion, awsCliAbsence);
    cognito = await startLocalCognito();
  });

  after(() => cognito?.server.close());

  function aws(...args: string[]) {
    const endpoint = ["--endpoint-url", cognito.server.url, "--output", "json"];
    return awsCli(["cognito-idp", ...args, ...endpoint], credentials);
  }

  it("signs in as an administrator", async () => {
    const { exitCode, stdout, stderr } = await aws(
      "admin-initiate-auth",
      "--user-pool-id",
      userPoolId,
      "--client-id",
      publicClient.clientId,
      "--auth-flow",
      "ADMIN_USER_PASSWORD_AUTH",
      "--auth-parameters",
      "USERNAME=alice,PASSWORD=Alice-demo-1",
    );
    assert.deepEqual([exitCode, stderr.trim()], [0, ""]);
    const { AuthenticationResult: result, ChallengeParameters } = JSON.parse(stdout);
    assert.deepEqual(Object.keys(result).sort(), [
      "AccessToken",
      "ExpiresIn",
      "IdToken",
      "RefreshToken",
      "TokenType",
    ]);
    assert.deepEqual(ChallengeParameters, {});
  });

  it("reads a client's secret", async () => {
    const { exitCode, stdout, stderr } = await aws(
      "describe-user-pool-client",
      "--user-pool-id",
      userPoolId,
      "--client-id",
      secretClient.clientId,
      "--query",
      "UserPoolClient.ClientSecret",
    );
    assert.deepEqual([exitCode, stderr.trim()], [0, ""]);
    assert.equal(JSON.parse(stdout), secretClient.clientSecret);
  });

  it("shows a refusal by Cognito's name and message, also unsigned", async () => {
    const { exitCode, stdout, stderr } = await aws(
      "initiate-auth",
      "--no-sign-request",
      "--client-id",
      publicClient.clientId,
      "--auth-flow",
      "USER_PASSWORD_AUTH",
      "--auth-parameters",
      "USERNAME=alice,PASSWORD=wrong",
    );
    assert.notEqual(exitCode, 0);
    assert.equal(stdout, "");
    assert.equal(
      stderr.trim().replace(/^aws: \[ERROR\]: /, ""),
      "An error occurred (NotAuthorizedException) when calling the InitiateAuth operation: " +
        "Incorrect username or password.",
    );
  });

  it("creates a client and a user, puts them in a group, and goes through the change of password", async () => {
    const admin = async (...args: string[]) => {
      const { exitCode, stdout, stderr } = await aws(...args, "--user-pool-id", userPoolId);
      assert.deepEqual([exitCode, stderr.trim()], [0, ""]);
      return stdout === "" ? {} : JSON.parse(stdout);
    };
    const { UserPoolClient: client } = await admin(
      ...["create-user-pool-client", "--client-name", "cli client", "--access-token-validity", "10"],
      ...["--token-validity-units", "AccessToken=minutes", "--auth-session-validity", "5"],
      ...["--explicit-auth-flows", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    );
    const user = ["--username", "carol"];
    await admin(
      ...["admin-create-user", ...user, "--temporary-password", "Carol-temp-1"],
      ...["--message-action", "SUPPRESS", "--user-attributes", "Name=email,Value=carol@example.com"],
    );
    await admin("create-group", "--group-name", "editors", "--precedence", "2");
    await admin("admin-add-user-to-group", ...user, "--group-name", "editors");
    const challenge = await admin(
      ...["admin-initiate-auth", "--client-id", client.ClientId, "--auth-flow", "ADMIN_USER_PASSWORD_AUTH"],
      ...["--auth-parameters", "USERNAME=carol,PASSWORD=Carol-temp-1"],
    );
    assert.equal(challenge.ChallengeName, "NEW_PASSWORD_REQUIRED");
    const { AuthenticationResult: result } = await admin(
      ...["admin-respond-to-auth-challenge", "--client-id", client.ClientId],
      ...["--challenge-name", "NEW_PASSWORD_REQUIRED", `--session=${challenge.Session}`],
      ...["--challenge-responses", "USERNAME=carol,NEW_PASSWORD=Carol-demo-1"],
    );
    const { client_id, username, "cognito:groups": groups } = claimsOf(result.AccessToken);
    assert.deepEqual(
      [result.ExpiresIn, client_id, username, groups],
      [600, client.ClientId, "carol", ["editors"]],
    );
  }).timeout(60_000);

  it("lists every user over several pages", async () => {
    const { exitCode, stdout } = await aws(
      ...["list-users", "--user-pool-id", userPoolId, "--page-size", "1", "--query", "Users[].Username"],
    );
    assert.deepEqual([exitCode, JSON.parse(stdout)], [0, cognito.pool.users.map(({ username }) => username)]);
  });
});
