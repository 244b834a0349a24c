import { OperatorError } from "../operator-error.ts";
import { isObject } from "./yaml-file.ts";

/** A value that the command line gives. */
export interface GivenSetting {
  /** Full key. */
  readonly key: string;
  /** Members and indices below it; none for the value itself. */
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** One step of a path, like `name`, `.name`, `[0]` or `["name"]`. */
const step = /\.?([^.[\]"]+)|\[(\d+)\]|\["([^"]*)"\]/y;

/** Keys without a namespace are the project's. The CLI still reads the form `namespace:config:key`. */
export function fullKey(key: string, project: string): string {
  return key.includes(":") ? key.replace(/^([^:]+):config:/, "$1:") : `${project}:${key}`;
}

/**
 * Reads `key=value` as `pulumi config set --path` does: below the key, true, false and integers are no texts.
 * A value that is a list or an object in JSON is one.
 * @throws {OperatorError} for another form
 */
export function readSetting(given: string, project: string): GivenSetting {
  const [, name = "", text = ""] = /^([^=]+)=(.*)$/s.exec(given) ?? [];
  const [key, ...path] = stepsOf(name);
  if (typeof key !== "string")
    throw new OperatorError(
      `--config is ${JSON.stringify(given)}, but must be like tokenUse=id or userPoolClientIds[0]=abc`,
    );
  return { key: fullKey(key, project), path, value: path.length > 0 ? typed(text) : (parsed(text) ?? text) };
}

/** The settings with this one in them. @throws {OperatorError} for an index behind the end of its list */
export function withSetting(
  settings: Readonly<Record<string, unknown>>,
  { key, path, value }: GivenSetting,
): Readonly<Record<string, unknown>> {
  return { ...settings, [key]: put(settings[key], path, value, key) };
}

/** @returns no steps for what is no path */
function stepsOf(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  step.lastIndex = 0;
  while (step.lastIndex < path.length) {
    const [, name, index, quoted] = step.exec(path) ?? [];
    if (name === undefined && index === undefined && quoted === undefined) return [];
    steps.push(index === undefined ? (name ?? quoted ?? "") : Number(index));
  }
  return steps;
}

function put(
  base: unknown,
  [first, ...others]: GivenSetting["path"],
  value: unknown,
  where: string,
): unknown {
  if (first === undefined) return value;
  if (typeof first === "string") {
    const object = isObject(base) ? base : {};
    return { ...object, [first]: put(object[first], others, value, `${where}.${first}`) };
  }
  const list: unknown[] = Array.isArray(base) ? [...base] : [];
  if (first > list.length)
    throw new OperatorError(
      `--config ${where}[${first}]: the list has ${list.length} items, so the next is ${where}[${list.length}]`,
    );
  list[first] = put(list[first], others, value, `${where}[${first}]`);
  return list;
}

function typed(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  return /^-?(?:0|[1-9]\d*)$/.test(text) ? BigInt(text) : text;
}

function parsed(text: string): unknown {
  try {
    return /^\s*[[{]/.test(text) ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
