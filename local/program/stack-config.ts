import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Properties } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import { configText } from "./config-value.ts";
import { type Entry, type NodeRuntime, type ProjectFile, readProjectFile } from "./project-file.ts";
import { fullKey } from "./setting-keys.ts";
import { decryptSettings, isEncrypted } from "./stack-secrets.ts";
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
  /** Outputs of the stacks that the program may read, by `project/stack`. */
  readonly stackOutputs?: Readonly<Record<string, Properties>>;
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
  const written = settingsOf(stackFile, project, content.config);
  const salt = content.encryptionsalt;
  const settings = decryptSettings(written, { file: stackFile, stack, rootDirectory, salt });
  const config = mapValues({ ...defaultsOf(project, file.config), ...settings }, configText);
  const declared = secretsOf(project, file.config);
  return {
    project,
    stack,
    rootDirectory,
    workingDirectory,
    main,
    programPath,
    runtime,
    config,
    secretKeys: Object.keys(config).filter((key) => declared.includes(key) || isEncrypted(written[key])),
    environments: environmentsOf(content.environment),
    isConfigured,
  };
}

/** The values that the project's declarations give their keys. */
function defaultsOf(project: string, declarations: ProjectFile["config"]): Record<string, unknown> {
  const defaults: Record<string, unknown> = {};
  for (const [key, declaration] of Object.entries(declarations)) {
    const value = isObject(declaration) ? (declaration.default ?? declaration.value) : declaration;
    if (value !== undefined && value !== null) defaults[fullKey(key, project)] = value;
  }
  return defaults;
}

/** The keys that the project declares as secrets. */
function secretsOf(project: string, declarations: ProjectFile["config"]): string[] {
  return Object.entries(declarations).flatMap(([key, declaration]) =>
    isObject(declaration) && declaration.secret === true ? [fullKey(key, project)] : [],
  );
}

/** The values of the stack's file, by full key. */
function settingsOf(file: string, project: string, settings: unknown): Record<string, unknown> {
  if (!isObject(settings ?? {}))
    throw new OperatorError(`${file}: config must be keys with values, like aws:region: us-east-1`);
  return Object.fromEntries(
    Object.entries(settings ?? {}).map(([key, value]) => [fullKey(key, project), value]),
  );
}

/** `environment` is a list of names, or a definition that imports some: by name, or by name with options. */
function environmentsOf(environment: unknown): string[] {
  const imports = isObject(environment) ? environment.imports : environment;
  if (!Array.isArray(imports)) return [];
  return imports.flatMap((item) => (isObject(item) ? Object.keys(item) : [String(item)]));
}

function mapValues<T, U>(values: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
