import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, it } from "mocha";

const launcher = fileURLToPath(new URL("../../local/run.js", import.meta.url));

describe("what starts a command of local mode", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "run-"));
    mkdirSync(join(folder, "local/commands"), { recursive: true });
    copyFileSync(launcher, join(folder, "local/run.js"));
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    writeFileSync(
      join(folder, "local/commands/greet.ts"),
      "console.log(process.argv.slice(2) satisfies string[]);",
    );
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function run() {
    const args = [join(folder, "local/run.js"), "greet", "--loud", "alice"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    return { status, stdout, stderr };
  }

  it("says what to do before the packages are installed", () => {
    const stderr = "the project's packages are not installed: run npm ci first\n";
    assert.deepEqual(run(), { status: 1, stdout: "", stderr });
  });

  it("hands on the command's arguments", () => {
    mkdirSync(join(folder, "node_modules"));
    assert.deepEqual(run(), { status: 0, stdout: "[ '--loud', 'alice' ]\n", stderr: "" });
  });
});
