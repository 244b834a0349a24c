import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { OperatorError } from "../operator-error.ts";

/** A Pulumi project with the configuration of one of its stacks, as the Pulumi CLI hands it to the program. */
export interface StackConfig {
  readonly project: string;
  readonly stack: string;
  /** Absolute path of the program's entry. */
  readonly programPath: string;
  /** Full key, like `aws:region`, to value; lists and objects are JSON. */
  readonly config: Readonly<Record<string, string>>;
  /** Whether the stack has a file of its own; without, it has the project's defaults. */
  readonly isConfigured: boolean;
}

/**
 * Reads Pulumi.yaml and Pulumi.<stack>.yaml and applies the project's defaults, which only the CLI does otherwise.
 * @param path of the project's folder, its Pulumi.yaml or its program
 * @throws {Error} that names the file that is missing or cannot be used
 */
export function readStackConfig(path: string, stack: string): StackConfig {
  const projectFile = findProjectFile(resolve(path));
  const folder = dirname(projectFile);
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
  return { project: project.name, stack, programPath: entryOf(folder, project.main), config, isConfigured };
}

function findProjectFile(path: string): string {
  for (let folder = path; ; folder = dirname(folder)) {
    const file = basename(folder) === "Pulumi.yaml" ? folder : join(folder, "Pulumi.yaml");
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) throw new OperatorError(`no Pulumi.yaml in ${path} or above it`);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the Pulumi CLI checks these files, and we read only a part of them
function readYaml(file: string): Record<string, any> {
  try {
    return parse(readFileSync(file, "utf8")) ?? {};
  } catch (error) {
    throw new OperatorError(`${file}: ${(error as Error).message}`);
  }
}

function entryOf(folder: string, main = "."): string {
  const path = resolve(folder, main);
  if (/\.[cm]?[jt]s$/.test(path)) return path;
  const packageFile = join(path, "package.json");
  const entry = existsSync(packageFile) ? JSON.parse(readFileSync(packageFile, "utf8")).main : undefined;
  return join(path, entry ?? "index.ts");
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
