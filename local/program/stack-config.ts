import { existsSync } from "node:fs";
import { join } from "node:path";
import { OperatorError } from "../operator-error.ts";
import { configText } from "./config-value.ts";
import { type Entry, type NodeRuntime, type ProjectFile, readProjectFile } from "./project-file.ts";
import { isObject, readYamlFile } from "./yaml-file.ts";

/** A Pulumi project with the configuration of one of its stacks, as the Pulumi CLI hands it to the program. */
export interface StackConfig extends Entry {
  readonly project: string;
  readonly stack: string;
  /** The folder of Pulumi.yaml. */
  readonly rootDirectory: string;
  readonly runtime: NodeRuntime;
  /** Full key, like `aws:region`, to value; lists and objects are JSON. */
  readonly config: Readonly<Record<string, string>>;
  /** Full keys whose values are secrets, or hold some. */
  readonly secretKeys: readonly string[];
  /** Pulumi ESC environments that the stack takes values from. Local mode does not open them. */
  readonly environments: readonly string[];
  /** Whether the stack has a file of its own; without, it has the project's defaults. */
  readonly isConfigured: boolean;
}

/**
 * Reads Pulumi.yaml and Pulumi.<stack>.yaml and applies the project's defaults, which only the CLI does otherwise.
 * @param path of the project's folder, its Pulumi.yaml or its program
 * @throws {OperatorError} that names the file that is missing or cannot be used
 */
export function readStackConfig(path: string, stack: string): StackConfig {
  const file = readProjectFile(path);
  const { name: project, rootDirectory, workingDirectory, main, programPath, runtime } = file;
  const stackFile = join(file.stackDirectory, `Pulumi.${stack.replaceAll("/", "-")}${file.extension}`);
  const isConfigured = existsSync(stackFile);
  const content = isConfigured ? readYamlFile(stackFile) : {};
  const config = { ...defaultsOf(project, file.config), ...settingsOf(stackFile, project, content.config) };
  return {
    project,
    stack,
    rootDirectory,
    workingDirectory,
    main,
    programPath,
    runtime,
    config,
    secretKeys: secretsOf(project, file.config).filter((key) => key in config),
    environments: environmentsOf(content.environment),
    isConfigured,
  };
}

/** The values that the project's declarations give their keys. */
function defaultsOf(project: string, declarations: ProjectFile["config"]): Record<string, string> {
  const defaults: Record<string, string> = {};
  for (const [key, declaration] of Object.entries(declarations)) {
    const value = isObject(declaration) ? (declaration.default ?? declaration.value) : declaration;
    if (value !== undefined && value !== null) defaults[fullKey(key, project)] = configText(value);
  }
  return defaults;
}

/** The keys that the project declares as secrets. */
function secretsOf(project: string, declarations: ProjectFile["config"]): string[] {
  return Object.entries(declarations).flatMap(([key, declaration]) =>
    isObject(declaration) && declaration.secret === true ? [fullKey(key, project)] : [],
  );
}

function settingsOf(file: string, project: string, settings: unknown): Record<string, string> {
  if (!isObject(settings ?? {}))
    throw new OperatorError(`${file}: config must be keys with values, like aws:region: us-east-1`);
  const config: Record<string, string> = {};
  for (const [key, value] of Object.entries(settings ?? {})) {
    if (isObject(value) && "secure" in value)
      throw new OperatorError(
        `${file}: ${key} is encrypted, and only the Pulumi CLI can read it: use a stack without secrets locally`,
      );
    config[fullKey(key, project)] = configText(value);
  }
  return config;
}

/** `environment` is a list of names, or a definition that imports some: by name, or by name with options. */
function environmentsOf(environment: unknown): string[] {
  const imports = isObject(environment) ? environment.imports : environment;
  if (!Array.isArray(imports)) return [];
  return imports.flatMap((item) => (isObject(item) ? Object.keys(item) : [String(item)]));
}

/** Keys without a namespace are the project's. The CLI still reads the form `namespace:config:key`. */
function fullKey(key: string, project: string): string {
  return key.includes(":") ? key.replace(/^([^:]+):config:/, "$1:") : `${project}:${key}`;
}
