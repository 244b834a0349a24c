import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before } from "mocha";
import type { ResourceGraph } from "../../../local/graph/resource-graph.ts";
import type { ProgramLine } from "../../../local/program/program-process.ts";
import { ProgramRunner } from "../../../local/program/program-runner.ts";
import { readStackConfig, type StackConfig } from "../../../local/program/stack-config.ts";

const packages = fileURLToPath(new URL("../../../node_modules/", import.meta.url));

/** Pulumi.yaml of a program whose types Node strips, in eu-west-1. */
export const projectFile = `name: sample
runtime:
  name: nodejs
  options:
    typescript: false
config:
  aws:region: eu-west-1
`;

/** Files of a program in TypeScript that is one ES module. Nothing compiles it. */
export function moduleFiles(source: string): Record<string, string> {
  return {
    "Pulumi.yaml": projectFile,
    "package.json": '{ "type": "module", "main": "index.ts" }',
    "index.ts": source,
  };
}

/** A folder in the system's temporary folder, removed after the suite. */
export function temporaryFolder(): {
  readonly path: string;
  write(files: Record<string, string | Buffer>): void;
} {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-program-")));
  after(() => rmSync(path, { recursive: true }));
  return {
    path,
    write(files) {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(path, name)), { recursive: true });
        writeFileSync(join(path, name), content);
      }
    },
  };
}

/** Lets the programs in a folder import these packages of this project; those that are left out load no time. */
export function linkPackages(folder: string, ...names: string[]): void {
  for (const name of names) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(packages, name), link, "dir");
  }
}

/** One run of a program: what it declared, and each line that it printed or logged. */
export interface ProgramRun {
  readonly graph: ResourceGraph;
  readonly lines: readonly ProgramLine[];
  /** The program's folder. */
  readonly folder: string;
  /** What the run was made of. */
  readonly sources: readonly string[];
}

/** A program in a folder of its own that runs as often as a suite asks for. */
export class ProgramUnderTest {
  readonly folder = temporaryFolder();
  readonly runner: ProgramRunner;
  /** Of the latest run. */
  lines: ProgramLine[] = [];

  /** @param names of the packages that it imports, beside Pulumi's own */
  constructor(files: Record<string, string | Buffer>, ...names: string[]) {
    this.runner = new ProgramRunner({ onLine: (line) => this.lines.push(line) });
    this.folder.write(files);
    linkPackages(this.folder.path, "@pulumi/pulumi", ...names);
    after(() => this.runner.close());
  }

  /** @param config settings beside those of its files */
  async run(config: Partial<Pick<StackConfig, "config" | "secretKeys">> = {}): Promise<ProgramRun> {
    this.lines = [];
    const stackConfig = readStackConfig(this.folder.path, "dev");
    const graph = await this.runner.run({
      ...stackConfig,
      config: { ...stackConfig.config, ...config.config },
      secretKeys: config.secretKeys ?? stackConfig.secretKeys,
    });
    return { graph, lines: this.lines, folder: this.folder.path, sources: this.runner.sources };
  }
}

/** A program that runs once, before the suite. */
export function programRun(files: Record<string, string | Buffer>, ...names: string[]): () => ProgramRun {
  const program = new ProgramUnderTest(files, ...names);
  let run: ProgramRun | undefined;
  before(async () => {
    run = await program.run();
  });
  return () => {
    if (!run) throw new Error("the program has not run");
    return run;
  };
}
