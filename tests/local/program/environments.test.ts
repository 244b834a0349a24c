import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { OperatorError } from "../../../local/operator-error.ts";
import { environmentNote, namingEnvironments } from "../../../local/program/environments.ts";
import { readStackConfig, type StackConfig } from "../../../local/program/stack-config.ts";
import { withProject } from "../../engine/temporary-project.ts";

function read(stackFile: string): Promise<StackConfig> {
  return withProject({ "Pulumi.yaml": "name: sample", "Pulumi.dev.yaml": stackFile }, (folder) =>
    readStackConfig(folder, "dev"),
  );
}

const note =
  "the stack dev takes values from Pulumi ESC (aws/dev and team/chat), which local mode does not open: set these values in its stack file, or with --config <key>=<value>";

describe("environments of Pulumi ESC", () => {
  for (const [environment, names] of [
    ["[aws/dev, team/chat@2]", ["aws/dev", "team/chat@2"]],
    ["{imports: [aws/dev, {team/chat: {merge: false}}]}", ["aws/dev", "team/chat"]],
    ["{values: {}}", []],
    ["", []],
  ] as const)
    it(`are named: ${environment}`, async () => {
      assert.deepEqual((await read(`environment: ${environment}\n`)).environments, names);
    });

  it("give the stack the literal settings of its own definition, below those of its file", async () => {
    const { config, environments } = await read(`
environment:
  values:
    region: eu-west-1
    pulumiConfig:
      aws:region: eu-west-1
      size: 1
      map: { a: 1, b: { c: 2, d: 3 } }
      copied: \${region}
      token: { fn::secret: abc }
      listed: [{ fn::open::aws-secrets: {} }]
config:
  size: 2
  map: { b: { c: 4 } }
`);
    assert.deepEqual(config, {
      "aws:region": "eu-west-1",
      "sample:size": "2",
      "sample:map": '{"a":1,"b":{"c":4,"d":3}}',
    });
    assert.deepEqual(
      environments,
      ["copied", "token", "listed"].map((key) => `values.pulumiConfig.${key}`),
    );
  });

  it("are the reason that a refused program is told", async () => {
    const stackConfig = await read("environment: [aws/dev, team/chat]\n");
    assert.equal(environmentNote(stackConfig), note);
    const refuse = () => Promise.reject(new OperatorError("a is not set"));
    await assert.rejects(namingEnvironments(stackConfig, refuse), { message: `a is not set\n${note}` });
    const other = new TypeError("a mistake of the program");
    await assert.rejects(
      namingEnvironments(stackConfig, () => Promise.reject(other)),
      other,
    );
  });

  it("are not mentioned where there are none", async () => {
    const stackConfig = await read("config: { a: 1 }\n");
    assert.equal(environmentNote(stackConfig), undefined);
    const refusal = new OperatorError("a is not set");
    await assert.rejects(
      namingEnvironments(stackConfig, () => Promise.reject(refusal)),
      refusal,
    );
  });
});
