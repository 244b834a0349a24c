import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { after, before, describe, it } from "mocha";
import type { ProgramRun } from "../local/program-run.ts";
import { ProjectCopy } from "../readme/project-copy.ts";
import { skipWithout } from "../skip-without.ts";
import { bearer, open } from "../test-stack.ts";
import { PulumiBackend } from "./pulumi-backend.ts";
import { findPulumiCli, pulumiCliAbsence } from "./pulumi-cli.ts";

/** What a person adds who is not asked: the CLI confirms nothing without a terminal. */
const confirmed = /^npx pulumi (up|refresh|destroy)$/;

describe("the lines that npm start -- --engine prints", function () {
  this.timeout(180_000);
  let project: ProjectCopy;
  let backend: PulumiBackend;
  let served: ProgramRun;
  let cli: string;
  before(async function () {
    cli = skipWithout(this, findPulumiCli(), pulumiCliAbsence);
    backend = new PulumiBackend({ cli });
    project = await ProjectCopy.create();
    served = project.start("npm start -- --engine --engine-port 0", { limitMs: 170_000 });
  });
  after(async () => {
    await project?.remove();
    backend?.remove();
  });

  it("deploy the program into local mode and remove it again, as they are pasted into a shell", async () => {
    const printed = await served.printed("Ctrl-C ends it");
    const variables = [...printed.matchAll(/^ {2}(export .+)$/gm)].map(([, line = ""]) => line);
    const commands = [...printed.matchAll(/^ {2}(npx pulumi .+)$/gm)].map(([, line = ""]) => line);
    assert.deepEqual(
      commands.map((command) => command.split(" ")[2]),
      ["stack", "preview", "up", "refresh", "stack", "destroy"],
    );
    const last = commands.length - 1;
    const script = (lines: readonly string[]) =>
      [...variables, ...lines]
        .map((line) => (confirmed.test(line) ? `${line} --yes` : line))
        .map((line) => line.replace(/^npx pulumi/, JSON.stringify(cli)));
    const deployed = await run(script(commands.slice(0, last)));
    assert.match(deployed, /^\s*\+ 7\d created$/m);
    const token = (await project.output("npm run -s token -- alice")).trim();
    const socket = await open(project.withPorts("ws://localhost:3000/prod"), bearer(token));
    socket.terminate();
    assert.match(await run(script(commands.slice(last))), /^\s*- 7\d deleted$/m);
    await assert.rejects(open(project.withPorts("ws://localhost:3000/prod"), bearer(token)), {
      message: "status 403",
    });
  });

  /** Runs lines in a shell, in the project's folder. The home has the language plugin, which a released CLI brings. */
  async function run(lines: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", lines.join("\n")], {
      cwd: project.folder,
      env: {
        ...process.env,
        NO_COLOR: "1",
        PULUMI_HOME: join(backend.folder, "home"),
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
      maxBuffer: 2 ** 26,
    });
    return stdout;
  }
});
