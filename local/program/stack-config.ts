import { existsSync } from "node:fs";
import { join } from "node:path";
import { OperatorError } from "../operator-error.ts";
import { configText } from "./config-value.ts";
import { readEnvironments } from "./environments.ts";
import { type Entry, type NodeRuntime, type ProjectFile, readProjectFile } from "./project-file.ts";
import { fullKey, readSetting, withSetting } from "./setting-path.ts";
import { missedType } from "./setting-types.ts";
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
  /** Pulumi ESC environments, and values, that the stack is configured with and local mode does not open. */
  readonly environments: readonly string[];
  /** Whether the stack has a file of its own; without, it has the project's defaults. */
  readonly isConfigured: boolean;
}

/** What a command names of a stack. */
export interface NamedStack {
  readonly program: string;
  readonly stack: string;
  readonly config: readonly string[];
}

/**
 * Reads Pulumi.yaml and Pulumi.<stack>.yaml and applies the project's defaults, which only the CLI does otherwise.
 * @param path of the project's folder, its Pulumi.yaml or its program
 * @param given values in place of those of the stack's file, like `tokenUse=id` or `userPoolClientIds[0]=abc`
 * @throws {OperatorError} that names the file that is missing or cannot be used
 */
export function readStackConfig(path: string, stack: string, given: readonly string[] = []): StackConfig {
  const project = readProjectFile(path);
  const { name, rootDirectory, workingDirectory, main, runtime } = project;
  const file = join(project.stackDirectory, `Pulumi.${stack.replaceAll("/", "-")}${project.extension}`);
  const isConfigured = existsSync(file);
  const content = isConfigured ? readYamlFile(file) : {};
  const { names: environments, values } = readEnvironments(content.environment);
  const written = settingsOf(file, name, content.config);
  const overrides = given.map((one) => readSetting(one, name));
  const isReplaced = (key: string) => overrides.some((one) => one.key === key && one.path.length === 0);
  const needed = Object.fromEntries(Object.entries(written).filter(([key]) => !isReplaced(key)));
  const decrypted = decryptSettings(needed, { file, stack, rootDirectory, salt: content.encryptionsalt });
  const settings = overrides.reduce(withSetting, merge(withFullKeys(values, name), decrypted) as Settings);
  requireTypes(file, project, settings);
  const config = mapValues({ ...defaultsOf(project), ...settings }, configText);
  const declared = secretsOf(project);
  return {
    project: name,
    stack,
    rootDirectory,
    workingDirectory,
    main,
    runtime,
    config,
    secretKeys: Object.keys(config).filter((key) => declared.includes(key) || isEncrypted(written[key])),
    environments,
    isConfigured,
  };
}

/** Values by full key. */
type Settings = Readonly<Record<string, unknown>>;

/** The values that the project's declarations give their keys. */
function defaultsOf({ name, config }: ProjectFile): Settings {
  const defaults: Record<string, unknown> = {};
  for (const [key, declaration] of Object.entries(config)) {
    const value = isObject(declaration) ? (declaration.default ?? declaration.value) : declaration;
    if (value !== undefined && value !== null) defaults[fullKey(key, name)] = value;
  }
  return defaults;
}

/** The keys that the project declares as secrets. */
function secretsOf({ name, config }: ProjectFile): string[] {
  return Object.entries(config).flatMap(([key, declaration]) =>
    isObject(declaration) && declaration.secret === true ? [fullKey(key, name)] : [],
  );
}

/** The CLI refuses a value of another type than the declared one before it runs the program. */
function requireTypes(file: string, { name, config }: ProjectFile, settings: Settings): void {
  for (const [key, declaration] of Object.entries(config)) {
    const value = settings[fullKey(key, name)];
    const type = value === undefined ? undefined : missedType(declaration, value);
    if (type !== undefined)
      throw new OperatorError(`${file}: ${key} must be of the type ${type}, which Pulumi.yaml declares`);
  }
}

function settingsOf(file: string, project: string, settings: unknown): Settings {
  if (!isObject(settings ?? {}))
    throw new OperatorError(`${file}: config must be keys with values, like aws:region: us-east-1`);
  return withFullKeys(settings ?? {}, project);
}

function withFullKeys(settings: object, project: string): Settings {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [fullKey(key, project), value]));
}

/** Objects are merged with those below them, and all else takes their place. */
function merge(base: unknown, value: unknown): unknown {
  if (!isObject(base) || !isObject(value)) return value;
  const members = Object.entries(value).map(([key, member]) => [key, merge(base[key], member)]);
  return { ...base, ...Object.fromEntries(members) };
}

function mapValues<T, U>(values: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
