import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ProgramRunner } from "../../local/program/program-runner.ts";
import { readStackConfig } from "../../local/program/stack-config.ts";
import { withProject } from "./temporary-project.ts";

const source = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
const own = \`\${pulumi.getOrganization()}/\${pulumi.getProject()}/\${pulumi.getStack()}\`;
export const before = new pulumi.StackReference(own).getOutput("now");
const state = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName: own });
export const had = Object.values(state.outputs).map(({ type, outputs }) => \`\${type} \${outputs.name}\`);
export const now = new aws.cloudwatch.LogGroup("logs", { name: "logs" }).name;
`;

describe("a program that reads its own stack", () => {
  it("finds nothing at first, and then what it was when it ran last", async () => {
    const files = {
      "Pulumi.yaml": "name: sample\nruntime:\n  name: nodejs\n  options: { typescript: false }\n",
      "package.json": '{ "type": "module", "main": "index.ts" }',
      "index.ts": source,
    };
    await withProject(files, async (folder) => {
      const { config, ...stackConfig } = readStackConfig(folder, "test");
      const configured = { ...stackConfig, config: { ...config, "aws:region": "us-east-1" } };
      const runner = new ProgramRunner({ onLine: () => {} });
      try {
        const [first, second] = [await runner.run(configured), await runner.run(configured)];
        assert.deepEqual([first.outputs.before, first.outputs.had], [undefined, []]);
        assert.deepEqual(second.outputs, {
          before: "logs",
          had: ["aws:cloudwatch/logGroup:LogGroup logs"],
          now: "logs",
        });
      } finally {
        await runner.close();
      }
    });
  });
});
