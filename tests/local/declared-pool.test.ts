import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { declaredClient, signIn } from "../../local/commands/sign-in.ts";
import { pageConfig } from "../../local/page/page-config.ts";
import { ProgramRunner } from "../../local/program/program-runner.ts";
import { readStackConfig } from "../../local/program/stack-config.ts";
import { type LocalStack, startLocalStack } from "../../local/stack/local-stack.ts";
import { demoUsers } from "../../local/user-pool/demo-users.ts";
import { withProject } from "../engine/temporary-project.ts";
import { handshakeStatus } from "../test-stack.ts";

/** Checks the signature with a key that the program has put in, and that Cognito still publishes it. */
const authorizer = `
import { createPublicKey, verify } from "node:crypto";
export async function handler({ queryStringParameters: { token }, methodArn }) {
  const [header, claims, signature] = token.split(".");
  const { kid } = JSON.parse(Buffer.from(header, "base64url"));
  const key = JSON.parse(process.env.KEYS).keys.find((one) => one.kid === kid);
  const { keys } = await (await fetch(process.env.ISSUER + "/.well-known/jwks.json")).json();
  const isGood =
    key !== undefined &&
    keys.some((one) => one.kid === kid) &&
    verify("sha256", Buffer.from(header + "." + claims), createPublicKey({ key, format: "jwk" }), Buffer.from(signature, "base64url"));
  const { "cognito:groups": groups = [], username } = JSON.parse(Buffer.from(claims, "base64url"));
  if (!isGood || !groups.includes("editors")) throw new Error("Unauthorized");
  const Statement = [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: methodArn }];
  return { principalId: username, policyDocument: { Version: "2012-10-17", Statement } };
}`;

const program = (pool: string, more = "") => `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
const pool = new aws.cognito.UserPool("users", ${pool});
const client = new aws.cognito.UserPoolClient("app", { userPoolId: pool.id, explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"] });
new aws.cognito.UserGroup("editors", { userPoolId: pool.id, name: "editors" });
${more}
const issuer = pulumi.interpolate\`https://\${pool.endpoint}\`;
const keys = issuer.apply(async (url) => (await fetch(url + "/.well-known/jwks.json")).text());
const role = new aws.iam.Role("authorizer", {
  assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }] }),
  inlinePolicies: [{ name: "logs", policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "logs:*", Resource: "*" }] }) }],
});
const authorizer = new aws.lambda.Function("authorizer", {
  runtime: "nodejs24.x", handler: "index.handler", role: role.arn,
  code: new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.StringAsset(${JSON.stringify(authorizer)}) }),
  environment: { variables: { ISSUER: issuer, KEYS: keys } },
});
const api = new aws.apigatewayv2.Api("api", { protocolType: "WEBSOCKET", routeSelectionExpression: "$request.body.action" });
const apiAuthorizer = new aws.apigatewayv2.Authorizer("users", {
  apiId: api.id, authorizerType: "REQUEST", authorizerUri: authorizer.invokeArn, identitySources: ["route.request.querystring.token"],
});
new aws.lambda.Permission("authorizer", { function: authorizer.name, action: "lambda:InvokeFunction", principal: "apigateway.amazonaws.com", sourceArn: pulumi.interpolate\`\${api.executionArn}/authorizers/\${apiAuthorizer.id}\` });
new aws.apigatewayv2.Route("connect", { apiId: api.id, routeKey: "$connect", authorizationType: "CUSTOM", authorizerId: apiAuthorizer.id });
new aws.apigatewayv2.Stage("live", { apiId: api.id, name: "live", autoDeploy: true });
`;

describe("a program that declares its user pool", function () {
  this.timeout(60_000);

  it("is served with it: users sign in and connect, also after a reload", async () => {
    const files = {
      "Pulumi.yaml":
        "name: sample\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.mjs\n",
      "Pulumi.dev.yaml": "config:\n  aws:region: eu-west-1\n",
      "package.json": "{}",
      "index.mjs": program("{}"),
    };
    await withProject(files, async (folder) => {
      const runner = new ProgramRunner({ onLine: () => {} });
      const warnings: string[] = [];
      let stack: LocalStack | undefined;
      try {
        stack = await startLocalStack(() => readStackConfig(folder, "dev"), {
          runProgram: (stackConfig, hosts, onResource) => runner.run(stackConfig, { hosts, onResource }),
          port: 0,
          userPoolPort: 0,
          onWarning: (text) => warnings.push(text),
        });
        const { port, userPoolPort } = stack;
        const statusOf = (token: string) =>
          handshakeStatus(`ws://127.0.0.1:${port}/live?token=${encodeURIComponent(token)}`);
        const client = await declaredClient(userPoolPort);
        const tokenOf = async (username: string, password: string) =>
          (await signIn(userPoolPort, client, { username, password })).AccessToken;
        const [alice, bob] = await Promise.all(
          demoUsers.map(({ username, password }) => tokenOf(username, password)),
        );
        assert.deepEqual([await statusOf(alice ?? ""), await statusOf(bob ?? "")], [101, 401]);
        assert.deepEqual(pageConfig(stack, "localhost:1").signIn?.clientId, client.clientId);
        assert.deepEqual(warnings, []);

        const keys = stack.userPool?.signingKeys;
        const carol = `
          const carol = new aws.cognito.User("carol", { userPoolId: pool.id, username: "carol", password: "carol-is-in" });
          new aws.cognito.UserInGroup("carol", { userPoolId: pool.id, username: carol.username, groupName: "editors" }, { dependsOn: carol });`;
        const changed =
          '{ passwordPolicy: { minimumLength: 8, requireLowercase: true }, mfaConfiguration: "OPTIONAL" }';
        writeFileSync(join(folder, "index.mjs"), program(changed, carol));
        await stack.reload();
        assert.equal(stack.userPool?.signingKeys, keys);
        assert.deepEqual(
          [await statusOf(await tokenOf("carol", "carol-is-in")), await statusOf(alice ?? "")],
          [101, 101],
        );
        await assert.rejects(tokenOf("alice", "Alice-demo-1"), /refused: User does not exist\./);
        assert.deepEqual(warnings, [
          'aws:cognito/userPool:UserPool "users": local mode does not know its mfaConfiguration',
        ]);
      } finally {
        await stack?.close();
        await runner.close();
      }
    });
  });
});
