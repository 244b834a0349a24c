import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { before, describe, it } from "mocha";
import type { ResourceGraph } from "../../local/graph/resource-graph.ts";
import { readStackConfig, type StackConfig } from "../../local/program/stack-config.ts";
import { runUnderHost } from "../host/run-under-host.ts";
import { runWithMocks } from "../mocks/run-with-mocks.ts";
import { resource } from "../program/program-graph.ts";
import { testStackConfig } from "../test-stack.ts";

const folder = fileURLToPath(new URL("../../examples/user-pool", import.meta.url));

function userPool(config: Readonly<Record<string, string>> = {}): StackConfig {
  const stack = readStackConfig(folder, "test");
  return { ...stack, config: { ...stack.config, "aws:region": "eu-west-1", ...config } };
}

function identities(resources: readonly { readonly type: string; readonly name: string }[]): string[] {
  return resources.map(({ type, name }) => `${type} ${name}`).sort();
}

const declared = [
  "aws:cognito/userGroup:UserGroup group",
  "aws:cognito/userPool:UserPool users",
  "aws:cognito/userPoolClient:UserPoolClient browser",
  "aws:cognito/userPoolClient:UserPoolClient server",
];

/** The words of a shell command that calls npx, as npx gets them. */
function wordsOf(command: string): string[] {
  const words = execFileSync("bash", ["-c", `npx() { printf '%s\\0' "$@"; }; ${command}`], {
    encoding: "utf8",
  });
  return words.split("\0").slice(0, -1);
}

describe("the user pool's program", () => {
  let graph: ResourceGraph;
  before(async () => {
    graph = await runWithMocks(userPool());
  });
  const inputsOf = (type: string, name: string) => resource(graph, `aws:cognito/${type}`, name).inputs;

  it("declares a pool with two clients and a group, and no more", () => {
    assert.deepEqual(identities(graph.resources), declared);
    assert.deepEqual(graph.warnings, []);
  });

  it("lets nobody sign up alone, wants long passwords, and is not deleted by accident", () =>
    assert.deepEqual(inputsOf("userPool:UserPool", "users"), {
      adminCreateUserConfig: { allowAdminCreateUserOnly: true },
      passwordPolicy: {
        minimumLength: 12,
        requireLowercase: true,
        requireNumbers: true,
        requireSymbols: true,
        requireUppercase: true,
        temporaryPasswordValidityDays: 1,
      },
      deletionProtection: "ACTIVE",
    }));

  for (const [name, generateSecret, flows] of [
    ["browser", false, ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]],
    ["server", true, ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]],
  ] as const)
    it(`has a client ${name} ${generateSecret ? "with" : "without"} a secret, for tokens of 15 minutes`, () => {
      assert.deepEqual(inputsOf("userPoolClient:UserPoolClient", name), {
        userPoolId: graph.outputs.userPoolId,
        generateSecret,
        explicitAuthFlows: flows,
        preventUserExistenceErrors: "ENABLED",
        enableTokenRevocation: true,
        accessTokenValidity: 15,
        idTokenValidity: 15,
        refreshTokenValidity: 7,
        tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
      });
      const { clientSecret } = resource(graph, "aws:cognito/userPoolClient:UserPoolClient", name).outputs;
      assert.equal(clientSecret !== "", generateSecret);
    });

  it("has a group, admins unless it is configured with another", async () => {
    const { userPoolId } = graph.outputs;
    assert.deepEqual(inputsOf("userGroup:UserGroup", "group"), { userPoolId, name: "admins" });
    const { outputs } = await runWithMocks(userPool({ "websocket-user-pool:groupName": "editors" }));
    assert.equal(outputs.groupName, "editors");
  });

  it("outputs what the API's settings want, and no secret", () => {
    const id = (name: string) => resource(graph, "aws:cognito/userPoolClient:UserPoolClient", name).id;
    const userPoolId = resource(graph, "aws:cognito/userPool:UserPool", "users").id;
    assert.deepEqual(graph.outputs, {
      userPoolId,
      userPoolClientIds: [id("browser"), id("server")],
      groupName: "admins",
      configureCommand: `npx pulumi config set-all --path --plaintext userPoolId=${userPoolId} --plaintext 'userPoolClientIds[0]=${id("browser")}' --plaintext 'userPoolClientIds[1]=${id("server")}'`,
    });
  });

  it("configures the API with its command", async () => {
    const { userPoolId, userPoolClientIds, configureCommand } = graph.outputs;
    const [pulumi, config, setAll, path, ...given] = wordsOf(configureCommand);
    assert.deepEqual([pulumi, config, setAll, path], ["pulumi", "config", "set-all", "--path"]);
    assert.deepEqual(
      given.filter((_, i) => i % 2 === 0),
      ["--plaintext", "--plaintext", "--plaintext"],
    );
    const values = Object.fromEntries(
      given.filter((_, i) => i % 2 === 1).map((word) => word.split("=") as [string, string]),
    );
    // What the CLI makes of these paths.
    const settings = {
      userPoolId: values.userPoolId,
      userPoolClientIds: JSON.stringify([values["userPoolClientIds[0]"], values["userPoolClientIds[1]"]]),
    };
    const api = await runWithMocks(testStackConfig({ ...settings, jwks: "runtime" }));
    const { ISSUER, CLIENT_IDS } = resource(api, "aws:lambda/function:Function", "authorizer").inputs
      .environment.variables;
    assert.equal(ISSUER, `https://cognito-idp.eu-west-1.amazonaws.com/${userPoolId}`);
    assert.deepEqual(JSON.parse(CLIENT_IDS), userPoolClientIds);
  });

  it("runs in `pulumi up`", async () => {
    const run = await runUnderHost(userPool());
    assert.deepEqual([run.exitCode, run.logs, run.stderr], [0, [], ""]);
    assert.deepEqual(identities(run.resources), declared);
    assert.deepEqual(run.outputs, graph.outputs);
  });
});
