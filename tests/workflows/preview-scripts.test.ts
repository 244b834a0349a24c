import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { jobOf } from "./workflow.ts";

/** The only script of a job. */
function scriptOf(jobName: string): string {
  const scripts = jobOf("preview.yml", jobName).steps?.flatMap(({ run, id }) =>
    run && (id === "preview" || jobName === "comment") ? [run] : [],
  );
  assert.equal(scripts?.length, 1);
  return scripts?.[0] ?? "";
}

describe("the scripts of the preview workflow", function () {
  if (process.platform === "win32") this.pending = true;
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "preview-scripts-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs a script as the runner does, with another command of this name and content in the place of the real one. */
  function run(script: string, [name, content]: [string, string], environment: Record<string, string>) {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${content}\n`);
    chmodSync(path, 0o755);
    const output = join(folder, "output");
    writeFileSync(output, "");
    const env = { PATH: `${folder}:${process.env.PATH}`, GITHUB_OUTPUT: output, ...environment };
    const { status, stdout } = spawnSync("bash", ["-e", "-c", script], {
      cwd: folder,
      env,
      encoding: "utf8",
    });
    return { status, stdout, output: readFileSync(output, "utf8") };
  }

  const preview = (npm: string) => run(scriptOf("preview"), ["npm", npm], { STACK: "prod" });

  it("hand on what pulumi printed, and ask for the stack's differences", () => {
    const { status, output, stdout } = preview('echo "npm $*"; echo "+ 1 to create" >&2');
    const printed =
      "npm run -s preview -- --stack prod --diff --non-interactive --color never\n+ 1 to create\n";
    assert.deepEqual({ status, stdout }, { status: 0, stdout: printed });
    assert.match(output, /^changes<<([0-9a-f]{32})\n[\s\S]*\n\1\n$/);
    assert.equal(output.split("\n").slice(1, -2).join("\n"), printed);
  });

  it("fail when the preview fails, and hand on its message", () => {
    const { status, output } = preview("echo error: no region; exit 7");
    assert.equal(status, 7);
    assert.match(output, /\nerror: no region\n/);
  });

  const comment = (changes: string) =>
    run(scriptOf("comment"), ["gh", 'echo "$*"; cat comment.md'], {
      PULL_REQUEST: "https://github.com/o/r/pull/1",
      CHANGES: changes,
      RESULT: "success",
    });

  it("cut what no variable could hold", () => {
    const { status, output } = preview("head -c 200000 /dev/zero | tr '\\0' x");
    assert.equal(status, 0);
    assert.equal(output.match(/x+/)?.[0].length, 60_000);
  });

  it("cut what no comment could hold, whose indentation counts", () => {
    const { status, stdout } = comment("+ x\n".repeat(15_000));
    assert.equal(status, 0);
    assert.equal(stdout.slice(stdout.indexOf("\n") + 1).length, 65_000);
  });

  it("post it as text in which nothing is Markdown, in one comment that is kept up to date", () => {
    const { status, stdout } = comment("~ lambda\n```\n@everyone <b>");
    assert.equal(status, 0);
    assert.equal(
      stdout,
      "pr comment https://github.com/o/r/pull/1 --body-file comment.md --edit-last --create-if-none\n### pulumi preview: success\n\n    ~ lambda\n    ```\n    @everyone <b>\n",
    );
  });
});
