import { existsSync, statSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { split } from "shlex";
import { OperatorError } from "../operator-error.ts";
import { isObject, readText, readYamlFile } from "./yaml-file.ts";

/** How Pulumi's Node runner is started, with the CLI's defaults. */
export interface NodeRuntime {
  readonly name: "nodejs";
  /** Arguments of Node itself, like `--import=./preload.js`. */
  readonly nodeArgs: readonly string[];
  /** Whether the runner compiles TypeScript; without, Node strips the types. */
  readonly typescript: boolean;
  readonly tsconfig?: string;
}

/** Where a program is, as the CLI says it to the runner. */
export interface Entry {
  /** Where relative paths in the program start. */
  readonly workingDirectory: string;
  /** The runner's last argument: a file's name, or `.` for what package.json names. */
  readonly main: string;
  /** Absolute path of the program's entry. */
  readonly programPath: string;
}

export interface ProjectFile extends Entry {
  readonly name: string;
  readonly rootDirectory: string;
  readonly runtime: NodeRuntime;
  /** Declarations of settings, or values, by key. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Where the project's stack files are. */
  readonly stackDirectory: string;
  /** How the names of these files end, like `.yaml`. */
  readonly extension: string;
}

/** In the CLI's order. */
const fileNames = ["Pulumi.json", "Pulumi.yaml", "Pulumi.yml"];

/** The folder of the project's Pulumi.yaml: this path or the first above it that has one. */
export function projectFolder(path: string): string {
  return dirname(projectFileOf(path));
}

/**
 * The project's Pulumi.yaml, with what the CLI makes of its parts.
 * @throws {OperatorError} that names the file and what is wrong in it
 */
export function readProjectFile(path: string): ProjectFile {
  const file = projectFileOf(path);
  const rootDirectory = dirname(file);
  const content = readYamlFile(file);
  const { name, main, runtime, config, stackConfigDir } = content;
  if (typeof name !== "string" || name === "") throw new OperatorError(`${file}: name is required`);
  if (main !== undefined && main !== null && typeof main !== "string")
    throw new OperatorError(`${file}: main must be a path`);
  const isFolder = typeof config === "string";
  if (!isFolder && !isObject(config ?? {}))
    throw new OperatorError(`${file}: config must be keys with values, like aws:region: us-east-1`);
  return {
    name,
    rootDirectory,
    ...entryOf(file, main || undefined),
    runtime: runtimeOf(file, runtime),
    config: isFolder ? {} : ((config ?? {}) as Record<string, unknown>),
    stackDirectory: resolve(rootDirectory, isFolder ? config : String(stackConfigDir ?? ".")),
    extension: extname(file),
  };
}

function projectFileOf(path: string): string {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const file = fileNames.map((name) => join(folder, name)).find(existsSync);
    if (file) return file;
    if (folder === dirname(folder)) throw new OperatorError(`no Pulumi.yaml in ${resolve(path)} or above it`);
  }
}

function entryOf(file: string, main = "."): Entry {
  const path = resolve(dirname(file), main);
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status)
    throw new OperatorError(`${file}: main is ${JSON.stringify(main)}, but ${path} does not exist`);
  if (status.isDirectory())
    return { workingDirectory: path, main: ".", programPath: join(path, entryOfFolder(path)) };
  return { workingDirectory: dirname(path), main: basename(path), programPath: path };
}

function entryOfFolder(folder: string): string {
  const packageFile = join(folder, "package.json");
  const main = existsSync(packageFile) ? readPackage(packageFile).main : undefined;
  if (typeof main === "string") return main;
  return existsSync(join(folder, "index.js")) ? "index.js" : "index.ts";
}

function readPackage(file: string): { readonly main?: unknown } {
  try {
    return JSON.parse(readText(file)) ?? {};
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(`${file} is not JSON: ${(error as Error).message}`);
  }
}

function runtimeOf(file: string, runtime: unknown): NodeRuntime {
  const { name = "nodejs", options } = isObject(runtime) ? runtime : { name: runtime ?? undefined };
  if (name !== "nodejs")
    throw new OperatorError(
      `${file}: runtime is ${JSON.stringify(name)}, but local mode runs programs of the runtime nodejs only`,
    );
  const { nodeargs = "", typescript = true, tsconfig } = isObject(options) ? options : {};
  if (typeof typescript !== "boolean")
    throw new OperatorError(`${file}: runtime.options.typescript must be true or false`);
  if (typeof nodeargs !== "string")
    throw new OperatorError(
      `${file}: runtime.options.nodeargs must be one text, like --max-old-space-size=4096`,
    );
  if (tsconfig !== undefined && typeof tsconfig !== "string")
    throw new OperatorError(`${file}: runtime.options.tsconfig must be a path`);
  return { name, nodeArgs: words(file, nodeargs), typescript, ...(tsconfig !== undefined && { tsconfig }) };
}

/** Split as a shell does. */
function words(file: string, text: string): string[] {
  try {
    return split(text);
  } catch (error) {
    throw new OperatorError(`${file}: runtime.options.nodeargs: ${(error as Error).message}`);
  }
}
