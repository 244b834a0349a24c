import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, it } from "mocha";
import { demoUsers } from "../../local/user-pool/demo-users.ts";
import { skipWithout } from "../skip-without.ts";
import { startTestStack, type TestStack } from "../test-stack.ts";
import { clientId, otherClientId, userPoolId } from "../token-factory.ts";
import { awsCliAbsence, awsCliEnvironment, awsCliVersion } from "./aws-cli.ts";
import { wscat } from "./wscat.ts";

/** What the original pattern tells its readers to type: sign in with the AWS CLI, connect with wscat. */
const signIn = {
  "as an administrator": `
    aws cognito-idp admin-initiate-auth --endpoint-url "$ENDPOINT" --user-pool-id "$POOL" --client-id "$CLIENT" \\
      --auth-flow ADMIN_USER_PASSWORD_AUTH \\
      --auth-parameters USERNAME=alice,PASSWORD=Alice-demo-1 \\
      --query AuthenticationResult.AccessToken --output text`,
  "as an administrator for a client with a secret, by the flow's older name": `
    SECRET_HASH=$(printf %s "alice$SECRET_CLIENT" | openssl dgst -sha256 -hmac "$SECRET" -binary | openssl base64)
    aws cognito-idp admin-initiate-auth --endpoint-url "$ENDPOINT" --user-pool-id "$POOL" --client-id "$SECRET_CLIENT" \\
      --auth-flow ADMIN_NO_SRP_AUTH \\
      --auth-parameters "USERNAME=alice,PASSWORD=Alice-demo-1,SECRET_HASH=$SECRET_HASH" \\
      --query AuthenticationResult.AccessToken --output text`,
  "as the user of a client with a secret": `
    SECRET_HASH=$(printf %s "alice$SECRET_CLIENT" | openssl dgst -sha256 -hmac "$SECRET" -binary | openssl base64)
    aws cognito-idp initiate-auth --endpoint-url "$ENDPOINT" --client-id "$SECRET_CLIENT" \\
      --auth-flow USER_PASSWORD_AUTH \\
      --auth-parameters "USERNAME=alice,PASSWORD=Alice-demo-1,SECRET_HASH=$SECRET_HASH" \\
      --query AuthenticationResult.AccessToken --output text`,
};

function bash(script: string, variables: Readonly<Record<string, string>>): Promise<string> {
  const env = {
    ...awsCliEnvironment,
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "local",
    ...variables,
  };
  return new Promise((resolve, reject) => {
    execFile("bash", ["-euo", "pipefail", "-c", script], { env }, (error, stdout) => {
      if (error) reject(error);
      else resolve(stdout.trim());
    });
  });
}

describe("the original pattern's recipe", () => {
  let stack: TestStack;
  before(async function () {
    skipWithout(this, awsCliVersion, awsCliAbsence);
    stack = await startTestStack({ users: demoUsers });
  });
  after(() => stack?.close());

  it("opens a connection for whoever signs in, each way", async () => {
    const variables = {
      ENDPOINT: `http://127.0.0.1:${stack.userPoolPort}`,
      POOL: userPoolId,
      CLIENT: clientId,
      SECRET_CLIENT: otherClientId,
      SECRET: stack.userPool?.findClient(otherClientId)?.clientSecret ?? "",
    };
    const answers = await Promise.all(
      Object.entries(signIn).map(async ([way, script]) => {
        const token = await bash(script, variables);
        const header = `Authorization:${token}`;
        const { stdout, stderr } = await wscat(
          stack.url,
          "-H",
          header,
          "-x",
          '{"action":"whoami"}',
          "-w",
          "-1",
        );
        assert.equal(stderr, "", way);
        const { username, clientId } = JSON.parse(stdout);
        return [way, username, clientId];
      }),
    );
    assert.deepEqual(answers, [
      ["as an administrator", "alice", clientId],
      ["as an administrator for a client with a secret, by the flow's older name", "alice", otherClientId],
      ["as the user of a client with a secret", "alice", otherClientId],
    ]);
  });
});
