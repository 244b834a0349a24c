import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ResourceGraph } from "../../local/graph/resource-graph.ts";
import { sources, withProject } from "../engine/temporary-project.ts";
import { type MockOptions, runWithMocks } from "../mocks/run-with-mocks.ts";
import { testStackConfig } from "../test-stack.ts";
import { withoutStackTraces } from "../without-stack-traces.ts";

/** Path in the project to its new content, or to what makes it of the present content. */
export type Edits = Readonly<Record<string, string | ((content: string) => string)>>;

/** Copies what the program is made of to a folder, which shares this project's packages. */
export function checkOut(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const path of ["functions", "index.ts", "infra", "package.json", "tsconfig.json"])
    cpSync(new URL(path, sources), join(folder, path), { recursive: true });
  symlinkSync(new URL("node_modules", sources), join(folder, "node_modules"), "dir");
}

/** What the program declares after these edits of its files. */
export function editedGraph(edits: Edits, options: MockOptions = {}): Promise<ResourceGraph> {
  return withProject({}, (folder) => {
    const checkout = join(folder, "checkout");
    checkOut(checkout);
    for (const [path, edit] of Object.entries(edits)) {
      const file = join(checkout, path);
      writeFileSync(file, typeof edit === "string" ? edit : edit(readFileSync(file, "utf8")));
    }
    const stackConfig = testStackConfig({ jwks: "runtime" });
    return withoutStackTraces(() => runWithMocks({ ...stackConfig, workingDirectory: checkout }, options));
  });
}

/** Replaces a text that must be there exactly once. */
export function replacing(text: string, by: string): (content: string) => string {
  return (content) => {
    assert.equal(content.split(text).length, 2, `one of ${JSON.stringify(text)}`);
    return content.replace(text, () => by);
  };
}
