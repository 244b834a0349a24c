import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/** Checks a workflow as GitHub's own editor support does. @returns one text per fault, with its line */
export type Linter = (text: string) => Promise<string[]>;

const source = `
  import { validate } from "@actions/languageservice";
  import { TextDocument } from "vscode-languageserver-textdocument";
  let count = 0; // of documents, because what is known of one is kept by its address
  export async function lint(text) {
    const document = TextDocument.create("file:///.github/workflows/" + count++ + ".yml", "yaml", 1, text);
    const faults = await validate(document, {});
    return faults.map(({ range, message }) => "line " + (range.start.line + 1) + ": " + message);
  }`;

/** GitHub's language service imports JSON in a way that only bundlers read, so it is bundled. */
export async function loadLinter(): Promise<Linter> {
  const folder = mkdtempSync(join(tmpdir(), "workflow-linter-"));
  try {
    const outfile = join(folder, "linter.cjs");
    const stdin = { contents: source, resolveDir: import.meta.dirname };
    await build({ stdin, bundle: true, platform: "node", format: "cjs", outfile, logLevel: "error" });
    const { lint } = await import(pathToFileURL(outfile).href);
    return lint;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
