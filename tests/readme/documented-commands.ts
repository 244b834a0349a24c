import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const projectRoot = fileURLToPath(new URL("../..", import.meta.url));

/** A command that a reader is told to run, or another block of code. */
export interface DocumentedCommand {
  /** Path from the project's folder. */
  readonly document: string;
  /** One logical line of a shell block, an inline `npm …`, or the first line of a block in another language. */
  readonly text: string;
  /** The whole block that it is in; itself if it is inline. */
  readonly block: string;
}

/** The pages that tell a newcomer what to type. */
const documents = globSync(["README.md", "docs/*.md", "conformance/*.md", "examples/*/README.md"], {
  cwd: projectRoot,
}).sort();

const fence = /^( *)```(\w*)\n([\s\S]*?)^\1```$/gm;
const inline = /`((?:npm|npx|aws|git) [^`]+)`/g;

/** Every command of these pages, in their order. */
export const documentedCommands: readonly DocumentedCommand[] = documents.flatMap(commandsOf);

/** The blocks of code of a section, without their indentation. */
export function blocksOf(document: string, heading: string): string[] {
  const [, section = ""] = readFileSync(join(projectRoot, document), "utf8").split(`\n${heading}\n`);
  return [...(section.split("\n## ")[0] ?? "").matchAll(fence)].map(unindented);
}

function commandsOf(document: string): DocumentedCommand[] {
  const text = readFileSync(join(projectRoot, document), "utf8");
  const inBlocks = [...text.matchAll(fence)].flatMap((match) => {
    const block = unindented(match);
    return (match[2] === "sh" ? shellCommands(block) : [block.split("\n")[0] ?? ""]).map((line) => ({
      document,
      text: line,
      block,
    }));
  });
  const inText = [...text.replace(fence, "").matchAll(inline)].flatMap(([, block = ""]) =>
    block.split(" && ").map((command) => ({ document, text: command, block })),
  );
  return [...inBlocks, ...inText];
}

function unindented([, indentation = "", , block = ""]: RegExpMatchArray): string {
  return block.replaceAll(new RegExp(`^${indentation}`, "gm"), "").trimEnd();
}

/** A line with those that continue it is one command, a function with its body too; `a && b` are two. */
function shellCommands(block: string): string[] {
  return block
    .replaceAll(/\\\n\s*/g, "")
    .replaceAll(/\{\n([^}]*)\n\}/g, (_, body: string) => `{ ${body.trim()}; }`)
    .split("\n")
    .map((line) => line.replace(/(^|\s+)# .*$/, "").trim())
    .filter((line) => line !== "")
    .flatMap((line) => line.split(" && "));
}
