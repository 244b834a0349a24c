import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { signIn } from "../../local/commands/sign-in.ts";
import { PulumiStack } from "./pulumi-stack.ts";
import { ServedEngine } from "./served-engine.ts";

const program = `
import * as aws from "@pulumi/aws";
const pool = new aws.cognito.UserPool("users", { passwordPolicy: { minimumLength: 8 } });
const client = new aws.cognito.UserPoolClient("app", {
  userPoolId: pool.id,
  explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
  callbackUrls: ["https://b.example", "https://a.example"],
});
const group = new aws.cognito.UserGroup("editors", { userPoolId: pool.id, name: "editors" });
const carol = new aws.cognito.User("carol", { userPoolId: pool.id, username: "carol", password: "carol-is-in" });
new aws.cognito.UserInGroup("membership", { userPoolId: pool.id, username: carol.username, groupName: group.name });
export const userPoolId = pool.id;
export const clientId = client.id;
`;

describe("a user pool that a Pulumi CLI deploys into local mode", function () {
  this.timeout(120_000);
  let engine: ServedEngine;
  let stack: PulumiStack;
  let folder: string;
  before(async function () {
    engine = await ServedEngine.start(this);
    folder = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-pool-")));
    symlinkSync(new URL("../../node_modules", import.meta.url), join(folder, "node_modules"), "dir");
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      "name: pool\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.mjs\n",
    );
    writeFileSync(join(folder, "package.json"), "{}");
    writeFileSync(join(folder, "index.mjs"), program);
    stack = await PulumiStack.create(engine.backend, {
      program: folder,
      config: { "aws:region": "eu-west-1" },
    });
  });
  after(async () => {
    await engine?.close();
    if (folder) rmSync(folder, { recursive: true });
  });

  const tokenOf = async () => {
    const { clientId = "" } = (await stack.outputs()) as { clientId?: string };
    const carol = { username: "carol", password: "carol-is-in" };
    return (await signIn(engine.mode.stack.userPoolPort, { clientId }, carol)).AccessToken;
  };
  const groupsIn = (token: string) =>
    JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString())["cognito:groups"];
  const callAsAdministrator = async (operation: string, input: object) => {
    const { userPoolId, clientId } = await stack.outputs();
    const response = await fetch(`http://127.0.0.1:${engine.mode.stack.userPoolPort}`, {
      method: "POST",
      headers: {
        authorization: "AWS4-HMAC-SHA256 Credential=local",
        "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify({ UserPoolId: userPoolId, ClientId: clientId, ...input }),
    });
    assert.equal(response.status, 200);
  };
  const stepsOf = ({
    operations,
  }: {
    operations: readonly { op: string; name: string; diffs: readonly string[] }[];
  }) => operations.map(({ op, name, diffs }) => [op, name, ...diffs.toSorted()].join(" ")).sort();

  it("signs its users in", async () => {
    const { exitCode, messages } = await stack.up();
    assert.deepEqual([exitCode, messages], [0, []]);
    assert.deepEqual(groupsIn(await tokenOf()), ["editors"]);
    const [pool] = engine.mode.stack.declaredPools.declared;
    assert.ok(engine.lines.some((line) => line.endsWith(`user pool ${pool?.id}`)));
  });

  it("shows a refresh what its API has changed, which the next up repairs", async () => {
    await callAsAdministrator("UpdateUserPoolClient", { ExplicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"] });
    await callAsAdministrator("DeleteGroup", { GroupName: "editors" });
    await assert.rejects(tokenOf(), /USER_PASSWORD_AUTH flow not enabled for this client/);
    const refreshed = await stack.refresh();
    assert.deepEqual(
      [refreshed.exitCode, stepsOf(refreshed)],
      [0, ["delete editors", "delete membership", "update app callbackUrls explicitAuthFlows"]],
    );
    const repaired = await stack.up();
    assert.deepEqual(
      [repaired.exitCode, stepsOf(repaired)],
      [0, ["create editors", "create membership", "update app callbackUrls explicitAuthFlows"]],
    );
    assert.deepEqual(groupsIn(await tokenOf()), ["editors"]);
  });

  it("is served no more once it is destroyed", async () => {
    assert.equal((await stack.destroy()).exitCode, 0);
    assert.deepEqual(engine.mode.stack.declaredPools.declared, []);
  });
});
