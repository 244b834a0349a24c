import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const projectRoot = fileURLToPath(new URL("..", import.meta.url));

export interface TemporaryProgram {
  /** Absolute path of its entry. */
  readonly programPath: string;
  remove(): void;
}

/**
 * This program as ts-node can run it, which knows no ES modules: without `"type": "module"` and endings of imports,
 * and with the entry in an async function, because CommonJS has no top-level await. All else is the same.
 */
export function writeCommonjsProgram(): TemporaryProgram {
  const { folder, ...program } = writeFolder();
  const copy = (path: string, change: (source: string) => string) =>
    writeFileSync(join(folder, path), change(readFileSync(join(projectRoot, path), "utf8")));
  cpSync(join(projectRoot, "functions"), join(folder, "functions"), { recursive: true });
  cpSync(join(projectRoot, "infra"), join(folder, "infra"), { recursive: true });
  for (const file of readdirSync(join(projectRoot, "infra"))) copy(`infra/${file}`, toCommonjs);
  copy("index.ts", (source) => inAsyncFunction(toCommonjs(source)));
  copy("package.json", (text) => JSON.stringify({ ...JSON.parse(text), type: undefined }));
  copy("tsconfig.json", toEmittingConfig);
  return program;
}

/** A program that loads what this one loads, and declares one component that is empty. */
export function writeEmptyProgram(): TemporaryProgram {
  const { folder, ...program } = writeFolder();
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", main: "index.ts" }));
  writeFileSync(
    join(folder, "index.ts"),
    'import "@pulumi/aws";\nimport * as pulumi from "@pulumi/pulumi";\nnew pulumi.ComponentResource("bench:index:Empty", "empty");\n',
  );
  return program;
}

function writeFolder(): TemporaryProgram & { readonly folder: string } {
  const folder = mkdtempSync(join(os.tmpdir(), "bench-program-"));
  symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"), "junction");
  return {
    folder,
    programPath: join(folder, "index.ts"),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function toCommonjs(source: string): string {
  return source
    .replaceAll(/(from "\.{1,2}\/[^"]+)\.ts"/g, '$1"')
    .replaceAll("import.meta.url", 'require("node:url").pathToFileURL(__filename).href');
}

/** Pulumi awaits an entry that exports a function, and takes what it returns as the outputs. */
function inAsyncFunction(source: string): string {
  const bodyStart = [...source.matchAll(/^import [^;]+;$/gm)].reduce(
    (end, match) => Math.max(end, match.index + match[0].length),
    0,
  );
  const outputs = [...source.matchAll(/^export const (\w+)/gm)].map(([, name]) => name);
  const body = source.slice(bodyStart).replaceAll(/^export const /gm, "const ");
  return `${source.slice(0, bodyStart)}\nexport = async () => {${body}return { ${outputs.join(", ")} };\n};\n`;
}

/** The project's own compiler options, but for those that forbid to compile. */
function toEmittingConfig(text: string): string {
  const { compilerOptions } = JSON.parse(text);
  const { noEmit, allowImportingTsExtensions, verbatimModuleSyntax, erasableSyntaxOnly, ...options } =
    compilerOptions;
  return JSON.stringify({ compilerOptions: { ...options, types: ["node"] }, files: ["index.ts"] });
}
