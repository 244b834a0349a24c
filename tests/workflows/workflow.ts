import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const folder = fileURLToPath(new URL("../../.github/workflows", import.meta.url));

export interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

export interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

export interface Workflow {
  readonly file: string;
  readonly text: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** The project's GitHub workflows, by the names of their files. */
export const workflows: readonly Workflow[] = readdirSync(folder)
  .sort()
  .map((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    return { file, text, ...parse(text) };
  });

/** One job of one workflow. @throws {Error} if there is none */
export function jobOf(file: string, name: string): Job {
  const job = workflows.find((workflow) => workflow.file === file)?.jobs[name];
  if (!job) throw new Error(`${file} has no job ${name}`);
  return job;
}
