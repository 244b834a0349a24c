import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import { readStackConfig, type StackConfig } from "../../local/program/stack-config.ts";
import { type Files, withProject } from "./temporary-project.ts";

/** The configuration of the stack `dev`, with paths relative to the project's folder. */
function read(files: Files, path = "."): Promise<StackConfig> {
  return withProject(files, (folder) => {
    const { programPath, workingDirectory, ...stackConfig } = readStackConfig(join(folder, path), "dev");
    const inFolder = (path: string) => path.replace(folder, "");
    return {
      ...stackConfig,
      programPath: inFolder(programPath),
      workingDirectory: inFolder(workingDirectory),
    };
  });
}

/** The message with which reading fails, without the project's folder. */
async function failure(files: Files): Promise<string> {
  return withProject(files, (folder) => {
    try {
      readStackConfig(folder, "dev");
      return "none";
    } catch (error) {
      return (error as Error).message.replaceAll(`${folder}/`, "");
    }
  });
}

const project = `
name: sample
runtime: nodejs
config:
  size:
    type: integer
    default: 3
  colors:
    type: array
    items: { type: string }
    default: [red, green]
  open:
    type: boolean
    default: false
  note: { type: string, default: "" }
  secretless: { type: string }
  fixed: { value: always }
  shorthand: plain
  aws:region: { default: eu-west-1 }
`;

describe("readStackConfig", () => {
  it("applies the project's defaults as text, lists as JSON", async () => {
    assert.deepEqual(await read({ "Pulumi.yaml": project }), {
      project: "sample",
      stack: "dev",
      programPath: "/index.ts",
      workingDirectory: "",
      config: {
        "sample:size": "3",
        "sample:colors": '["red","green"]',
        "sample:open": "false",
        "sample:note": "",
        "sample:fixed": "always",
        "sample:shorthand": "plain",
        "aws:region": "eu-west-1",
      },
      isConfigured: false,
    });
  });

  it("tells whether the stack has a file of its own", async () => {
    const { isConfigured } = await read({ "Pulumi.yaml": project, "Pulumi.dev.yaml": "" });
    assert.equal(isConfigured, true);
  });

  it("puts the stack's values in the place of defaults", async () => {
    const stack = `
config:
  aws:region: us-east-1
  sample:size: 0
  sample:colors: []
  sample:secretless: now set
  sample:map: { a: [1, true] }
  unqualified: yes indeed
`;
    const { config } = await read({
      "Pulumi.yaml": project,
      "Pulumi.dev.yaml": stack,
      "Pulumi.prod.yaml": "x",
    });
    assert.deepEqual(config, {
      "sample:size": "0",
      "sample:colors": "[]",
      "sample:open": "false",
      "sample:note": "",
      "sample:secretless": "now set",
      "sample:fixed": "always",
      "sample:shorthand": "plain",
      "sample:map": '{"a":[1,true]}',
      "sample:unqualified": "yes indeed",
      "aws:region": "us-east-1",
    });
  });

  it("reads a stack file without values", async () => {
    for (const stack of ["", "config:\n", "encryptionsalt: v1:abc\n"])
      assert.deepEqual((await read({ "Pulumi.yaml": "name: sample", "Pulumi.dev.yaml": stack })).config, {});
  });

  for (const [what, files, programPath, workingDirectory] of [
    ["main of Pulumi.yaml", { "Pulumi.yaml": "name: sample\nmain: src/app.ts" }, "/src/app.ts", "/src"],
    [
      "main of package.json in the folder that Pulumi.yaml names",
      {
        "Pulumi.yaml": "name: sample\nmain: src",
        "src/package.json": '{"main":"app.mjs"}',
        "package.json": '{"main":"no.ts"}',
      },
      "/src/app.mjs",
      "/src",
    ],
    [
      "main of package.json",
      { "Pulumi.yaml": "name: sample", "package.json": '{"main":"bin/app.ts"}' },
      "/bin/app.ts",
      "",
    ],
    ["index.ts without main", { "Pulumi.yaml": "name: sample", "package.json": "{}" }, "/index.ts", ""],
    ["index.js where it is there", { "Pulumi.yaml": "name: sample", "index.js": "" }, "/index.js", ""],
    ["index.ts in a folder", { "Pulumi.yaml": "name: sample\nmain: src/" }, "/src/index.ts", "/src"],
  ] as const)
    it(`takes as the program ${what}, in its folder`, async () => {
      const stackConfig = await read(files);
      assert.deepEqual(
        [stackConfig.programPath, stackConfig.workingDirectory],
        [programPath, workingDirectory],
      );
    });

  it("finds the project from its folder, its file, its program and anywhere below", async () => {
    const files = { "Pulumi.yaml": "name: sample", "src/index.ts": "" };
    for (const path of [".", "Pulumi.yaml", "src/index.ts", "src", "src/not/there"])
      assert.equal((await read(files, path)).project, "sample");
  });

  it("says where it looked when there is no project", () => {
    const folder = join(tmpdir(), "no", "project");
    assert.throws(() => readStackConfig(folder, "dev"), {
      message: `no Pulumi.yaml in ${folder} or above it`,
    });
  });

  it("refuses an encrypted value, which only the Pulumi CLI can read", async () => {
    const stack = "config:\n  sample:password:\n    secure: v1:abcdef\n";
    assert.equal(
      await failure({ "Pulumi.yaml": "name: sample", "Pulumi.dev.yaml": stack }),
      "Pulumi.dev.yaml: sample:password is encrypted, and only the Pulumi CLI can read it: use a stack without secrets locally",
    );
  });

  it("names the file that is no YAML", async () => {
    assert.equal(
      await failure({ "Pulumi.yaml": "name: *nobody" }),
      "Pulumi.yaml: Unresolved alias (the anchor must be set before the alias): nobody",
    );
    assert.equal(
      await failure({ "Pulumi.yaml": "name: sample", "Pulumi.dev.yaml": "config: *nobody" }),
      "Pulumi.dev.yaml: Unresolved alias (the anchor must be set before the alias): nobody",
    );
  });

  it("refuses files that are no keys with values", async () => {
    const project = { "Pulumi.yaml": "name: sample" };
    assert.equal(
      await failure({ "Pulumi.yaml": "hello" }),
      "Pulumi.yaml: keys with values are expected, like name: value",
    );
    for (const config of ["config:\n  - a\n", "config: hello\n"])
      assert.equal(
        await failure({ ...project, "Pulumi.dev.yaml": config }),
        "Pulumi.dev.yaml: config must be keys with values, like aws:region: us-east-1",
      );
  });

  it("shows where the YAML of a file ends to be one", async () => {
    const stack = "config:\n  aws:region: us-east-1\n aws:profile: x\n";
    assert.equal(
      await failure({ "Pulumi.yaml": "name: sample", "Pulumi.dev.yaml": stack }),
      "Pulumi.dev.yaml: All mapping items must start at the same column at line 3, column 1:\n\n  aws:region: us-east-1\n aws:profile: x\n^",
    );
  });

  it("refuses a project without a name", async () => {
    for (const text of ["", "runtime: nodejs", "name: [a]"])
      assert.equal(await failure({ "Pulumi.yaml": text }), "Pulumi.yaml: name is required");
  });
});
