import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { ProgramRun } from "../local/program-run.ts";
import { projectRoot } from "./documented-commands.ts";

const documentedPorts = { api: 3000, userPool: 3001 };

/** What is not copied: packages, which are linked, and what no command here reads. */
const leftOut = ["node_modules", ".git", ".stryker-tmp", "reports", "bench", "mutation"];

/**
 * The project as a newcomer has it, in a folder of its own. A developer's `npm start` may have the documented ports,
 * so this copy's defaults are two free ones, and commands that spell a port out have that replaced; nothing else is.
 */
export class ProjectCopy {
  readonly folder: string;
  readonly #ports: typeof documentedPorts;
  readonly #runs: ProgramRun[] = [];

  /** @param ports that this copy serves in place of the documented ones */
  private constructor(folder: string, ports: typeof documentedPorts) {
    this.folder = folder;
    this.#ports = ports;
    // The pages name the stack of the project as it is published.
    this.write("Pulumi.yaml", this.read("Pulumi.yaml").replace(/^name: .*$/m, "name: jwt-websocket-api"));
    this.edit(
      "local/this-program.ts",
      "api: 3000, userPool: 3001",
      `api: ${ports.api}, userPool: ${ports.userPool}`,
    );
  }

  /** The project as it is, with its packages. */
  static async create(): Promise<ProjectCopy> {
    const folder = temporaryFolder();
    cpSync(projectRoot, folder, { recursive: true, filter: (path) => !leftOut.includes(basename(path)) });
    symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"), "junction");
    return new ProjectCopy(folder, await freePorts());
  }

  /** The last commit, without packages. */
  static async clone(): Promise<ProjectCopy> {
    const folder = temporaryFolder();
    await promisify(execFile)("git", ["clone", "--quiet", `file://${projectRoot}`, folder]);
    return new ProjectCopy(folder, await freePorts());
  }

  /** A documented text with the ports of this copy. */
  withPorts(text: string): string {
    return text
      .replaceAll(`localhost:${documentedPorts.api}`, `localhost:${this.#ports.api}`)
      .replaceAll(`localhost:${documentedPorts.userPool}`, `localhost:${this.#ports.userPool}`);
  }

  /** Starts a shell with these lines, in the copy's folder. */
  start(script: string, options: { limitMs?: number } = {}): ProgramRun {
    const args = ["-euo", "pipefail", "-c", this.withPorts(script)];
    const run = new ProgramRun("bash", args, { folder: this.folder, ...options });
    this.#runs.push(run);
    return run;
  }

  /** What these lines print, once they have ended well. */
  async output(script: string, options: { limitMs?: number } = {}): Promise<string> {
    const { exitCode, stdout, stderr } = await this.start(script, options).ended;
    assert.equal(exitCode, 0, `${script}\n${stdout}${stderr}`);
    return stdout;
  }

  write(path: string, content: string): void {
    writeFileSync(join(this.folder, path), content);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Replaces a text that must be there exactly once. */
  edit(path: string, text: string, by: string): void {
    const content = this.read(path);
    assert.equal(content.split(text).length, 2, `one ${JSON.stringify(text)} in ${path}`);
    this.write(
      path,
      content.replace(text, () => by),
    );
  }

  async remove(): Promise<void> {
    for (const run of this.#runs) run.interrupt();
    await Promise.all(this.#runs.map((run) => run.ended));
    rmSync(this.folder, { recursive: true });
  }
}

function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "newcomer-")));
}

async function freePorts(): Promise<typeof documentedPorts> {
  const servers = [createServer(), createServer()].map((server) => server.listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const [api = 0, userPool = 0] = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return { api, userPool };
}
