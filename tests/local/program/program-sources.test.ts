import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { after, describe, it } from "mocha";
import { ProgramRunner } from "../../../local/program/program-runner.ts";
import { readStackConfig } from "../../../local/program/stack-config.ts";
import { linkPackages, projectFile, temporaryFolder } from "./program-folder.ts";

describe("the sources of a program in a monorepo", () => {
  const folder = temporaryFolder();
  folder.write({
    "infra/Pulumi.yaml": projectFile,
    "infra/package.json": '{ "type": "module", "main": "index.ts" }',
    "infra/index.ts": `
      import * as esbuild from "esbuild";
      import { build } from "esbuild";
      import { tags } from "../shared/tags.ts";
      const options = { bundle: true, write: false, platform: "node", format: "cjs", logLevel: "silent" } as const;
      const handler = esbuild.buildSync({ ...options, entryPoints: ["../functions/handler.ts"] });
      const other = await build({ ...options, entryPoints: ["job.ts"], absWorkingDir: ${JSON.stringify(join(folder.path, "functions"))} });
      const asked = await build({ ...options, stdin: { contents: "1" }, metafile: true });
      const failed = await build({ ...options, entryPoints: ["../functions/broken.ts"] }).catch(({ message }) => message);
      export const built = [handler, other].map(({ outputFiles, metafile, errors }) => [outputFiles.length, metafile === undefined, errors]);
      export const text = handler.outputFiles[0].text.includes("shared between functions");
      export const inputs = Object.keys(asked.metafile.inputs);
      export const failure = failed;
      export const given = [esbuild.version.length > 0, typeof esbuild.transformSync, esbuild.default.build === build, esbuild.default.version === esbuild.version, tags.team];`,
    "shared/tags.ts": 'import { team } from "./team.cjs";\nexport const tags = { team };',
    "shared/team.cjs": 'exports.team = require("./name.json").name;',
    "shared/name.json": '{ "name": "a" }',
    "functions/handler.ts": 'import { text } from "./lib/text.ts";\nexport const handler = () => text;',
    "functions/lib/text.ts": 'export const text = "shared between functions";',
    "functions/job.ts": 'import { name } from "some-package";\nexport const job = () => name;',
    "functions/node_modules/some-package/index.js": 'export const name = "package";',
    "functions/broken.ts": "export const x = ;",
  });
  linkPackages(join(folder.path, "infra"), "@pulumi/pulumi", "esbuild");
  const runner = new ProgramRunner({ onLine: () => {} });
  after(() => runner.close());

  it("are the files that it loads and those that it bundles, wherever they are, and no packages", async () => {
    const { outputs } = await runner.run(readStackConfig(join(folder.path, "infra"), "dev"));
    assert.deepEqual(runner.sources.map((path) => relative(folder.path, path)).sort(), [
      "functions/broken.ts",
      "functions/handler.ts",
      "functions/job.ts",
      "functions/lib/text.ts",
      "infra/index.ts",
      "shared/name.json",
      "shared/tags.ts",
      "shared/team.cjs",
    ]);
    assert.deepEqual(outputs.built, [
      [1, true, []],
      [1, true, []],
    ]);
    assert.equal(outputs.text, true);
    assert.deepEqual(outputs.inputs, ["<stdin>"]);
    assert.match(outputs.failure, /Unexpected ";"/);
    assert.deepEqual(outputs.given, [true, "function", true, true, "a"]);
  });
});
