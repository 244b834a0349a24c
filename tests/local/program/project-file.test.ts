import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import { type ProjectFile, readProjectFile } from "../../../local/program/project-file.ts";
import { type Files, withProject } from "../../engine/temporary-project.ts";

/** The project of these files, with `/` for its folder. */
function read(files: Files, path = "."): Promise<ProjectFile> {
  return withProject(files, (folder) =>
    JSON.parse(
      JSON.stringify(readProjectFile(join(folder, path)), (_, value) =>
        typeof value === "string" ? value.replace(folder, "") || "/" : value,
      ),
    ),
  );
}

/** The message with which reading fails, without the project's folder. */
async function failure(files: Files): Promise<string> {
  return withProject(files, (folder) => {
    try {
      readProjectFile(folder);
      return "none";
    } catch (error) {
      return (error as Error).message.replaceAll(`${folder}/`, "");
    }
  });
}

describe("readProjectFile", () => {
  for (const [what, files, entry] of [
    [
      "a file that main names, in its folder",
      { "Pulumi.yaml": "name: sample\nmain: src/app.ts", "src/app.ts": "" },
      { workingDirectory: "/src", main: "app.ts", programPath: "/src/app.ts" },
    ],
    [
      "a folder that main names, with the entry of its package.json",
      {
        "Pulumi.yaml": "name: sample\nmain: src/",
        "src/package.json": '{"main":"app.mjs"}',
        "package.json": '{"main":"no.ts"}',
      },
      { workingDirectory: "/src", main: ".", programPath: "/src/app.mjs" },
    ],
    [
      "the project's folder without main, with the entry of package.json",
      { "Pulumi.yaml": "name: sample", "package.json": '{"main":"bin/app.ts"}' },
      { workingDirectory: "/", main: ".", programPath: "/bin/app.ts" },
    ],
    [
      "index.ts where package.json names no entry",
      { "Pulumi.yaml": "name: sample\nmain:", "package.json": "{}" },
      { workingDirectory: "/", main: ".", programPath: "/index.ts" },
    ],
    [
      "index.js where it is there",
      { "Pulumi.yaml": "name: sample", "index.js": "" },
      { workingDirectory: "/", main: ".", programPath: "/index.js" },
    ],
  ] as const)
    it(`takes as the program ${what}`, async () => {
      const { rootDirectory, workingDirectory, main, programPath } = await read(files);
      assert.deepEqual({ workingDirectory, main, programPath }, entry);
      assert.equal(rootDirectory, "/");
    });

  for (const [text, runtime] of [
    ["nodejs", { name: "nodejs", nodeArgs: [], typescript: true }],
    ["{name: nodejs}", { name: "nodejs", nodeArgs: [], typescript: true }],
    [
      "{name: nodejs, options: {typescript: false, packagemanager: npm}}",
      { name: "nodejs", nodeArgs: [], typescript: false },
    ],
    [
      `{name: nodejs, options: {nodeargs: "--import=./a.js --title 'two words'", tsconfig: ts/config.json}}`,
      {
        name: "nodejs",
        nodeArgs: ["--import=./a.js", "--title", "two words"],
        typescript: true,
        tsconfig: "ts/config.json",
      },
    ],
  ] as const)
    it(`reads the runtime ${text}`, async () => {
      assert.deepEqual((await read({ "Pulumi.yaml": `name: sample\nruntime: ${text}` })).runtime, runtime);
    });

  for (const [text, message] of [
    ["python", 'runtime is "python", but local mode runs programs of the runtime nodejs only'],
    ["{name: bun}", 'runtime is "bun", but local mode runs programs of the runtime nodejs only'],
    ["{name: nodejs, options: {typescript: 1}}", "runtime.options.typescript must be true or false"],
    [
      "{name: nodejs, options: {nodeargs: [--inspect]}}",
      "runtime.options.nodeargs must be one text, like --max-old-space-size=4096",
    ],
    [
      `{name: nodejs, options: {nodeargs: "'open"}}`,
      "runtime.options.nodeargs: Got EOF while in a quoted string",
    ],
    ["{name: nodejs, options: {tsconfig: true}}", "runtime.options.tsconfig must be a path"],
  ] as const)
    it(`refuses the runtime ${text}`, async () => {
      assert.equal(
        await failure({ "Pulumi.yaml": `name: sample\nruntime: ${text}` }),
        `Pulumi.yaml: ${message}`,
      );
    });

  it("finds the project from its folder, its file, its program and anywhere below", async () => {
    const files = { "Pulumi.yaml": "name: sample", "src/index.ts": "" };
    for (const path of [".", "Pulumi.yaml", "src/index.ts", "src", "src/not/there"])
      assert.equal((await read(files, path)).name, "sample");
  });

  it("reads Pulumi.yml, and Pulumi.yaml before it", async () => {
    const yml = await read({ "Pulumi.yml": "name: yml" });
    assert.deepEqual([yml.name, yml.extension], ["yml", ".yml"]);
    const both = await read({ "Pulumi.yml": "name: yml", "Pulumi.yaml": "name: yaml" });
    assert.deepEqual([both.name, both.extension], ["yaml", ".yaml"]);
  });

  it("reads where the stack files are, in either way to say it", async () => {
    for (const line of ["stackConfigDir: stacks", "config: stacks"]) {
      const { stackDirectory, config } = await read({ "Pulumi.yaml": `name: sample\n${line}` });
      assert.deepEqual([stackDirectory, config], ["/stacks", {}]);
    }
  });

  it("says where it looked when there is no project", () => {
    const folder = join(tmpdir(), "no", "project");
    assert.throws(() => readProjectFile(folder), { message: `no Pulumi.yaml in ${folder} or above it` });
  });

  it("refuses a project without a name", async () => {
    for (const text of ["", "runtime: nodejs", "name: [a]", 'name: ""'])
      assert.equal(await failure({ "Pulumi.yaml": text }), "Pulumi.yaml: name is required");
  });

  it("refuses a main that is not there", async () => {
    assert.equal(
      await failure({ "Pulumi.yaml": "name: sample\nmain: src/app" }),
      'Pulumi.yaml: main is "src/app", but src/app does not exist',
    );
    assert.equal(
      await failure({ "Pulumi.yaml": "name: sample\nmain: [a]" }),
      "Pulumi.yaml: main must be a path",
    );
  });

  it("refuses a package.json that is not JSON", async () => {
    assert.match(
      await failure({ "Pulumi.yaml": "name: sample", "package.json": "{" }),
      /^package\.json is not JSON: Expected property name/,
    );
  });

  it("refuses settings that are not keys with values", async () => {
    assert.equal(
      await failure({ "Pulumi.yaml": "name: sample\nconfig: [a]" }),
      "Pulumi.yaml: config must be keys with values, like aws:region: us-east-1",
    );
  });
});
