import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { OperatorError } from "../../../local/operator-error.ts";
import { moduleFiles, type ProgramRun, ProgramUnderTest } from "./program-folder.ts";

const source = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const step = new pulumi.Config().requireNumber("step");

function told(args: pulumi.ResourceHookArgs): string {
  const inputs = (values: any) => values && values.retentionInDays;
  const outputs = (values: any) => values && values.name.replace(/-[0-9a-f]{7}$/, "");
  return JSON.stringify({
    name: args.name, type: args.type, hasId: args.id !== "", urn: args.urn.split("::").at(-1),
    inputs: [inputs(args.oldInputs), inputs(args.newInputs)],
    outputs: [outputs(args.oldOutputs), outputs(args.newOutputs)],
  });
}
const tell = (event: string) => (args: pulumi.ResourceHookArgs) => console.log(event + " " + told(args));
const named = new pulumi.ResourceHook("shared", tell("shared"));
const hooks = {
  beforeCreate: [tell("beforeCreate"), named],
  afterCreate: [tell("afterCreate")],
  beforeUpdate: [tell("beforeUpdate")],
  afterUpdate: [tell("afterUpdate")],
  beforeDelete: [new pulumi.ResourceHook("before-delete", tell("beforeDelete"))],
  afterDelete: [new pulumi.ResourceHook("after-delete", tell("afterDelete"))],
};
const days = { 1: 1, 2: 1, 3: 3, 4: 5 }[step];
if (days) new aws.cloudwatch.LogGroup("watched", { retentionInDays: days }, { hooks, replaceOnChanges: step === 4 ? ["*"] : [] });

const tolerant = new pulumi.ResourceHook(
  "tolerant",
  () => { throw new Error("not that bad"); },
  { ignoreErrors: true } as object,
);
new aws.cloudwatch.LogGroup("tolerated", {}, { hooks: { afterCreate: [tolerant] } });
new aws.cloudwatch.LogGroup("secretive", { tags: { token: pulumi.secret("hunter2") } }, {
  hooks: {
    afterCreate: [(args) => {
      const shown = (values: any) => pulumi.Output.isInstance(values?.tags) ? "secret" : JSON.stringify(values?.tags);
      console.log("secrets " + shown(args.newInputs) + " " + shown(args.newOutputs));
    }],
  },
});

const retry = new pulumi.ErrorHook("retry", ({ failedOperation, errors, name }) => {
  console.log("failed " + failedOperation + " " + name + " " + errors.length);
  return false;
});
if (step === 6) new aws.cloudwatch.LogGroup("refused", { retentionInDays: 4 }, { hooks: { onError: [retry] } });
if (step === 7) new aws.cloudwatch.LogGroup("stopped", {}, {
  hooks: { beforeCreate: [new pulumi.ResourceHook("check", () => { throw new Error("no more logs"); })] },
});
`;

describe("the hooks of resources", () => {
  const program = new ProgramUnderTest(moduleFiles(source), "@pulumi/aws");
  const run = (step: number) => program.run({ config: { "sample:step": String(step) } });
  const runs: ProgramRun[] = [];
  before(async () => {
    for (const step of [1, 2, 3, 4, 5]) runs.push(await run(step));
  });
  const told = (step: number) =>
    (runs[step - 1]?.lines ?? [])
      .filter(({ text }) => text.includes("watched"))
      .map(({ text }) => {
        const [event, json] = text.split(/ (.*)/) as [string, string];
        const { name, type, urn, ...rest } = JSON.parse(json);
        assert.deepEqual([name, type, urn], ["watched", "aws:cloudwatch/logGroup:LogGroup", "watched"]);
        return [event, rest];
      });

  it("are called when a resource is created, in their order", () => {
    const planned = { hasId: false, inputs: [null, 1], outputs: [null, null] };
    assert.deepEqual(told(1), [
      ["beforeCreate", planned],
      ["shared", planned],
      ["afterCreate", { hasId: true, inputs: [null, 1], outputs: [null, "watched"] }],
    ]);
  });

  it("are not called for a resource that stays the same", () => {
    assert.deepEqual(told(2), []);
  });

  it("are called when a resource is updated", () => {
    assert.deepEqual(told(3), [
      ["beforeUpdate", { hasId: true, inputs: [1, 3], outputs: ["watched", null] }],
      ["afterUpdate", { hasId: true, inputs: [1, 3], outputs: ["watched", "watched"] }],
    ]);
  });

  it("are called when a resource is replaced: for the new one, then for the former one", () => {
    const gone = { hasId: true, inputs: [3, null], outputs: ["watched", null] };
    assert.deepEqual(
      told(4).map(([event]) => event),
      ["beforeCreate", "shared", "afterCreate", "beforeDelete", "afterDelete"],
    );
    assert.deepEqual(told(4).slice(-2), [
      ["beforeDelete", gone],
      ["afterDelete", gone],
    ]);
  });

  it("are called when a resource is deleted", () => {
    const gone = { hasId: true, inputs: [5, null], outputs: ["watched", null] };
    assert.deepEqual(told(5), [
      ["beforeDelete", gone],
      ["afterDelete", gone],
    ]);
  });

  it("get secrets as secrets", () => {
    const lines = runs[0]?.lines.filter(({ text }) => text.startsWith("secrets")) ?? [];
    assert.deepEqual(
      lines.map(({ text }) => text),
      ["secrets secret secret"],
    );
  });

  it("warn where their errors are to be ignored", () => {
    assert.deepEqual(runs[0]?.graph.warnings, [
      'aws:cloudwatch/logGroup:LogGroup "tolerated": hook "tolerant" failed: not that bad',
    ]);
    assert.deepEqual(runs[1]?.graph.warnings, []);
  });

  it("are told what AWS refuses", async () => {
    await assert.rejects(run(6), /"refused": retentionInDays is 4/);
    assert.deepEqual(
      program.lines.filter(({ text }) => text.startsWith("failed")).map(({ text }) => text),
      ["failed create refused 1"],
    );
  });

  it("fail the run with what they throw", async () => {
    const message = 'aws:cloudwatch/logGroup:LogGroup "stopped": hook "check" failed: no more logs';
    await assert.rejects(run(7), new OperatorError(message));
  });
});
