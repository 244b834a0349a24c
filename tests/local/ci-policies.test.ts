import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, it } from "mocha";

const program = fileURLToPath(new URL("../../local/commands/ci-policies.ts", import.meta.url));

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

/** The subject that a trust policy asks for, and the account of its OIDC provider. */
function trusted(stdout: string) {
  const [statement] = JSON.parse(stdout).Statement;
  assert.equal(statement.Action, "sts:AssumeRoleWithWebIdentity");
  return { ...statement.Condition.StringEquals, ...statement.Principal };
}

describe("npm run ci-policies", function () {
  this.timeout(60_000);
  const common = ["--account", "111122223333"];

  for (const [document, subject] of [
    ["preview-trust", "repo:owner/name:pull_request"],
    ["deploy-trust", "repo:owner/name:environment:production"],
  ] as const)
    it(`prints whom the role trusts: ${document}`, () => {
      const { status, stdout } = run(document, ...common, "--repository", "owner/name");
      assert.equal(status, 0);
      assert.deepEqual(trusted(stdout), {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": subject,
        Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
      });
    });

  it("prints the policy of this stack in this account", () => {
    const { status, stdout } = run("deploy-policy", ...common);
    assert.equal(status, 0);
    const resources = JSON.parse(stdout).Statement.flatMap(
      ({ Resource }: { Resource: string[] }) => Resource,
    );
    assert.ok(resources.includes("arn:aws:lambda:us-east-1:111122223333:function:authorizer-*"));
  });

  it("gives the message alone where the program refuses its settings", () => {
    assert.deepEqual(run("deploy-policy", ...common, "--config", "tokenUse=never"), {
      status: 1,
      stdout: "",
      stderr:
        'settings in Pulumi.dev.yaml:\n  tokenUse is "never", but must be access or id: npx pulumi config set tokenUse access (in the file: tokenUse: access)\n',
    });
  });

  for (const [args, message] of [
    [
      ["everything", ...common],
      "name one document: preview-policy, preview-trust, deploy-policy, deploy-trust",
    ],
    [["deploy-policy"], '--account is "", but must be an AWS account id of 12 digits'],
    [["deploy-trust", ...common], '--repository is "", but must be like owner/name'],
  ] as const)
    it(`says what is wrong: ${message}`, () => {
      const { status, stdout, stderr } = run(...args);
      assert.deepEqual(
        { status, stdout, message: stderr.split("\n")[0] },
        { status: 1, stdout: "", message },
      );
    });
});
