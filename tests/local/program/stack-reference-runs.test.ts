import assert from "node:assert/strict";
import { after, describe, it } from "mocha";
import { OperatorError } from "../../../local/operator-error.ts";
import { ProgramRunner } from "../../../local/program/program-runner.ts";
import { runPrograms } from "../../../local/program/run-programs.ts";
import { readStackConfig } from "../../../local/program/stack-config.ts";
import { linkPackages, temporaryFolder } from "./program-folder.ts";

const yaml = (name: string) =>
  `name: ${name}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nconfig:\n  aws:region: eu-west-1\n`;
const start = 'const pulumi = require("@pulumi/pulumi");\n';

/** Programs by their project's name; each is one CommonJS module. */
const programs: Record<string, string> = {
  server: `
    const own = new pulumi.StackReference("organization/server/dev");
    exports.former = own.getOutput("count");
    exports.count = own.getOutput("count").apply((count) => (count ?? 0) + 1);
    exports.url = pulumi.output(new Promise((resolve) => setTimeout(resolve, 200, "wss://a")));
    exports.key = pulumi.secret("hunter2");
    exports.nested = { list: [1, 2] };`,
  client: `
    const server = new pulumi.StackReference("any/server/dev");
    const second = new pulumi.StackReference("second", { name: "organization/server/dev" });
    exports.url = server.requireOutput("url");
    exports.list = second.getOutput("nested").apply(({ list }) => list);
    exports.absent = server.getOutput("absent").apply((value) => value === undefined);
    exports.key = server.requireOutput("key");
    exports.isSecret = pulumi.isSecret(server.getOutput("key"));
    exports.details = server.getOutputDetails("key").then(({ value, secretValue }) => [value === undefined, secretValue]);`,
  both: `
    exports.a = new pulumi.StackReference("organization/client/dev").requireOutput("url");
    exports.b = new pulumi.StackReference("organization/server/dev").requireOutput("url");`,
  missing: 'exports.x = new pulumi.StackReference("organization/server/dev").requireOutput("typo");',
  stranger: 'exports.x = new pulumi.StackReference("organization/users/prod").getOutput("id");',
  left: 'exports.x = new pulumi.StackReference("organization/right/dev").getOutput("x");',
  right: 'exports.x = new pulumi.StackReference("organization/left/dev").getOutput("x");',
};

describe("programs that run together under Pulumi's runner", () => {
  const folder = temporaryFolder();
  for (const [name, source] of Object.entries(programs))
    folder.write({
      [`${name}/Pulumi.yaml`]: yaml(name),
      [`${name}/package.json`]: "{}",
      [`${name}/index.js`]: start + source,
    });
  linkPackages(folder.path, "@pulumi/pulumi");
  const runner = new ProgramRunner({ onLine: () => {} });
  after(() => runner.close());

  function run(first: string, ...others: string[]) {
    const stackConfig = (name: string) => readStackConfig(`${folder.path}/${name}`, "dev");
    return runPrograms([stackConfig(first), ...others.map(stackConfig)], (one, readStack, signal) =>
      runner.run(one, { readStack, signal }),
    );
  }

  it("read each other's outputs in any order, and their own of the last run", async () => {
    const { outputs, secretOutputs } = await run("client", "both", "server");
    assert.deepEqual(outputs, {
      url: "wss://a",
      list: [1, 2],
      absent: true,
      key: "hunter2",
      isSecret: true,
      details: [true, "hunter2"],
    });
    assert.deepEqual(secretOutputs, ["key"]);
    const again = await run("server");
    assert.deepEqual([again.outputs.former, again.outputs.count], [1, 2]);
  });

  it("fail for an output that is required and not there", async () => {
    await assert.rejects(run("missing", "server"), {
      message: /Required output 'typo' does not exist on stack 'organization\/server\/dev'/,
    });
  });

  it("name a stack that is not served", async () => {
    await assert.rejects(
      run("stranger", "server"),
      new OperatorError(
        "stack reference to users/prod: local mode does not serve that stack. Served are stranger/dev, server/dev. Start its program beside this one with --with <folder>",
      ),
    );
  });

  it("name the cycle in which they wait for each other", async () => {
    await assert.rejects(run("left", "right"), {
      message:
        /^programs wait for each other's outputs: (left\/dev → right\/dev → left\/dev|right\/dev → left\/dev → right\/dev)$/,
    });
  });
});
