import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readStackConfig } from "../../local/program/stack-config.ts";
import { type MockOptions, runWithMocks } from "../mocks/run-with-mocks.ts";
import { withoutStackTraces } from "../without-stack-traces.ts";

/** Path in the project to content. */
export type Files = Readonly<Record<string, string>>;

/** The root of this project, to import from in a program, like `${sources}infra/route.ts`. */
export const sources = new URL("../..", import.meta.url).href;

/** Runs `use` with a folder that holds these files and the packages of this project, and removes it afterwards. */
export async function withProject<T>(files: Files, use: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-project-")));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    symlinkSync(new URL("node_modules", sources), join(folder, "node_modules"), "dir");
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a program that is one module, in a project of its own. */
export function runSource(source: string, options: MockOptions = {}, config: Files = {}) {
  const files = { "Pulumi.yaml": "name: sample\nruntime: nodejs\n", "index.ts": source };
  return withProject(files, async (folder) => {
    const stackConfig = readStackConfig(folder, "test");
    const configured = { "aws:region": "us-east-1", ...stackConfig.config, ...config };
    return withoutStackTraces(() => runWithMocks({ ...stackConfig, config: configured }, options));
  });
}
