import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { after, before, describe, it } from "mocha";
import { skipWithout } from "../skip-without.ts";
import { PulumiBackend } from "./pulumi-backend.ts";
import { findPulumiCli, pulumiCliAbsence } from "./pulumi-cli.ts";
import { PulumiStack, type Update } from "./pulumi-stack.ts";

const program = fileURLToPath(new URL("greetings", import.meta.url));
const policyPack = fileURLToPath(new URL("policy-pack", import.meta.url));

function steps({ operations }: Update): string[] {
  return operations.map(({ op, type, name }) => `${op} ${type} ${name}`);
}

describe("a stack of a real Pulumi CLI", function () {
  this.timeout(120_000);
  let backend: PulumiBackend;
  before(function () {
    backend = new PulumiBackend({ cli: skipWithout(this, findPulumiCli(), pulumiCliAbsence) });
  });
  after(() => backend?.remove());

  it("reports what each command did, and writes nothing into the program's folder", async () => {
    const files = readdirSync(program);
    const stack = await PulumiStack.create(backend, { program, config: { names: ["hello", "good day"] } });
    const created = [
      "create test:index:Greeting good day",
      "create test:index:Greeting hello",
      "create pulumi:pulumi:Stack greetings-test",
    ];
    const preview = await stack.preview();
    assert.deepEqual(steps(preview).sort(), created.toSorted());
    assert.deepEqual([preview.exitCode, preview.counts], [0, { create: 3 }]);
    assert.deepEqual(steps(await stack.up()).sort(), created.toSorted());
    stack.setConfig({ names: ["hello"] });
    const changed = await stack.up();
    assert.deepEqual(steps(changed), ["delete test:index:Greeting good day"]);
    assert.deepEqual(changed.counts, { delete: 1, same: 2 });
    const unchanged = await stack.up("--expect-no-changes");
    assert.deepEqual([unchanged.exitCode, steps(unchanged)], [0, []]);
    assert.deepEqual([(await stack.refresh()).exitCode, (await stack.destroy()).counts], [0, { delete: 2 }]);
    assert.deepEqual(readdirSync(program), files);
  });

  it("runs the program in its folder, with its options, and shows what it prints", async () => {
    const stack = await PulumiStack.create(backend, { program, name: "options", config: { names: [] } });
    await stack.setSecret("password", "open sesame");
    const { messages } = await stack.up();
    assert.deepEqual(messages.map(({ severity, text }) => `${severity}: ${text}`).sort(), [
      "info#err: printed to stderr",
      "info: printed to stdout",
      "warning: logged as a warning",
    ]);
    assert.deepEqual(await stack.outputs(), {
      folder: program,
      nodeArguments: ["--title=a greeting", "--no-deprecation"],
      organization: "organization",
      otherFolder: "none",
      password: "open sesame",
    });
    const other = await PulumiStack.create(backend, {
      program,
      name: "other",
      config: { names: [], other: "organization/greetings/options" },
    });
    await other.up();
    assert.equal((await other.outputs()).otherFolder, program);
  });

  it("shows a program's mistake once, and fails", async () => {
    const stack = await PulumiStack.create(backend, {
      program,
      name: "mistake",
      config: { names: [], mistake: "no greeting" },
    });
    const { exitCode, messages } = await stack.preview();
    const errors = messages.filter(({ severity }) => severity === "error").map(({ text }) => text);
    assert.deepEqual([exitCode, errors], [1, ["no greeting"]]);
  });

  it("refuses what a policy pack forbids", async () => {
    const stack = await PulumiStack.create(backend, {
      program,
      name: "policies",
      config: { names: ["grr"] },
    });
    const refused = await stack.up("--policy-pack", policyPack);
    assert.equal(refused.exitCode, 1);
    assert.deepEqual(
      refused.violations.map(({ policy, level, text }) => `${policy}, ${level}: ${text}`),
      ["friendly, mandatory: Greetings are friendly.\ngrr is not friendly"],
    );
    stack.setConfig({ names: ["hello"] });
    const { exitCode, violations } = await stack.up("--policy-pack", policyPack);
    assert.equal(exitCode, 0);
    assert.deepEqual(
      violations.map(({ text }) => text),
      ["Greetings are few.\ngreetings-policies, hello"],
    );
  });

  it("runs a program that Pulumi's Automation API serves", async () => {
    const inline = async () => {
      new pulumi.ComponentResource("test:index:Greeting", "hello");
      return { greeting: "hello" };
    };
    const stack = await LocalWorkspace.createOrSelectStack(
      { projectName: "inline", stackName: "test", program: inline },
      await backend.workspaceOptions(),
    );
    const { summary, outputs } = await stack.up();
    assert.deepEqual(summary.resourceChanges, { create: 2 });
    assert.deepEqual(outputs, { greeting: { value: "hello", secret: false } });
  });
});
