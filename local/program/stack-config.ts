import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import type { Properties } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";

/** A Pulumi project with the configuration of one of its stacks, as the Pulumi CLI hands it to the program. */
export interface StackConfig {
  readonly project: string;
  readonly stack: string;
  /** Absolute path of the program's entry. */
  readonly programPath: string;
  /** Where relative paths in the program start. */
  readonly workingDirectory: string;
  /** Full key, like `aws:region`, to value; lists and objects are JSON. */
  readonly config: Readonly<Record<string, string>>;
  /** Whether the stack has a file of its own; without, it has the project's defaults. */
  readonly isConfigured: boolean;
  /** Outputs of the stacks that the program may read, by `project/stack`. */
  readonly stackOutputs?: Readonly<Record<string, Properties>>;
}

/**
 * Reads Pulumi.yaml and Pulumi.<stack>.yaml and applies the project's defaults, which only the CLI does otherwise.
 * @param path of the project's folder, its Pulumi.yaml or its program
 * @throws {Error} that names the file that is missing or cannot be used
 */
export function readStackConfig(path: string, stack: string): StackConfig {
  const folder = projectFolder(path);
  const projectFile = join(folder, "Pulumi.yaml");
  const project = readYaml(projectFile);
  if (typeof project.name !== "string") throw new OperatorError(`${projectFile}: name is required`);
  const stackFile = join(folder, `Pulumi.${stack}.yaml`);
  const isConfigured = existsSync(stackFile);
  const settings = isConfigured ? (readYaml(stackFile).config ?? {}) : {};
  const config: Record<string, string> = {};
  for (const [key, declaration] of Object.entries(project.config ?? {})) {
    const value = defaultOf(declaration);
    if (value !== undefined) config[fullKey(key, project.name)] = asText(value);
  }
  for (const [key, value] of Object.entries(settings)) {
    if (isObject(value) && "secure" in value)
      throw new OperatorError(
        `${stackFile}: ${key} is encrypted, and only the Pulumi CLI can read it: use a stack without secrets locally`,
      );
    config[fullKey(key, project.name)] = asText(value);
  }
  return { project: project.name, stack, ...entryOf(folder, project.main), config, isConfigured };
}

/** The folder of the project's Pulumi.yaml: this path or the first above it that has one. */
export function projectFolder(path: string): string {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
    if (folder === dirname(folder)) throw new OperatorError(`no Pulumi.yaml in ${resolve(path)} or above it`);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the Pulumi CLI checks these files, and we read only a part of them
function readYaml(file: string): Record<string, any> {
  try {
    const content = parse(readFileSync(file, "utf8")) ?? {};
    if (!isObject(content)) throw new Error("keys with values are expected, like name: value");
    if (!isObject(content.config ?? {}))
      throw new Error("config must be keys with values, like aws:region: us-east-1");
    return content;
  } catch (error) {
    throw new OperatorError(`${file}: ${(error as Error).message.trimEnd()}`);
  }
}

/** What the Pulumi CLI runs, and where: the folder of the entry that Pulumi.yaml names, or that folder itself. */
function entryOf(folder: string, main = "."): Pick<StackConfig, "programPath" | "workingDirectory"> {
  const path = resolve(folder, main);
  if (/\.[cm]?[jt]s$/.test(path)) return { programPath: path, workingDirectory: dirname(path) };
  const packageFile = join(path, "package.json");
  const named = existsSync(packageFile) ? JSON.parse(readFileSync(packageFile, "utf8")).main : undefined;
  const entry = named ?? (existsSync(join(path, "index.js")) ? "index.js" : "index.ts");
  return { programPath: join(path, entry), workingDirectory: path };
}

function defaultOf(declaration: unknown): unknown {
  if (!isObject(declaration)) return declaration;
  return declaration.value ?? declaration.default;
}

function fullKey(key: string, project: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

function asText(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
