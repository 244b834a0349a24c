import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { devNull } from "node:os";
import {
  type LocalCognito,
  publicClient,
  secretClient,
  startLocalCognito,
  userPoolId,
} from "./local-cognito.ts";

/** The CLI runs with no profile, settings or proxy of whoever runs the tests. */
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^AWS_|_proxy$/i.test(name))),
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_PAGER: "",
  AWS_REGION: "us-east-1",
  AWS_DEFAULT_REGION: "us-east-1",
};
const credentials = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "local" };

interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe("AWS CLI against the user pool server", () => {
  let cognito: LocalCognito;

  before(async function () {
    if (spawnSync("aws", ["--version"]).status !== 0) {
      console.log("    the AWS CLI is not on the PATH");
      this.skip();
    }
    cognito = await startLocalCognito();
  });

  after(() => cognito?.server.close());

  function aws(args: readonly string[], extraEnvironment = {}): Promise<CliResult> {
    const allArgs = ["cognito-idp", ...args, "--endpoint-url", cognito.server.url, "--output", "json"];
    return new Promise((resolve) => {
      execFile("aws", allArgs, { env: { ...environment, ...extraEnvironment } }, (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }

  it("signs in as an administrator", async () => {
    const { exitCode, stdout, stderr } = await aws(
      [
        "admin-initiate-auth",
        "--user-pool-id",
        userPoolId,
        "--client-id",
        publicClient.clientId,
        "--auth-flow",
        "ADMIN_USER_PASSWORD_AUTH",
        "--auth-parameters",
        "USERNAME=alice,PASSWORD=Alice-demo-1",
      ],
      credentials,
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
      [
        "describe-user-pool-client",
        "--user-pool-id",
        userPoolId,
        "--client-id",
        secretClient.clientId,
        "--query",
        "UserPoolClient.ClientSecret",
      ],
      credentials,
    );
    assert.deepEqual([exitCode, stderr.trim()], [0, ""]);
    assert.equal(JSON.parse(stdout), "localsecret1");
  });

  it("shows a refusal by Cognito's name and message, also unsigned", async () => {
    const { exitCode, stdout, stderr } = await aws([
      "initiate-auth",
      "--no-sign-request",
      "--client-id",
      publicClient.clientId,
      "--auth-flow",
      "USER_PASSWORD_AUTH",
      "--auth-parameters",
      "USERNAME=alice,PASSWORD=wrong",
    ]);
    assert.notEqual(exitCode, 0);
    assert.equal(stdout, "");
    assert.equal(
      stderr.trim().replace(/^aws: \[ERROR\]: /, ""),
      "An error occurred (NotAuthorizedException) when calling the InitiateAuth operation: " +
        "Incorrect username or password.",
    );
  });
});
