import { isDeepStrictEqual } from "node:util";

type PathParts = readonly (string | number)[];

/** The path of a member: `environment` and `TOKEN` make `environment.TOKEN`, a list and 0 make `list[0]`. */
export function joinPath(path: string, name: string | number): string {
  if (typeof name === "number") return `${path}[${name}]`;
  if (!/^[\w$-]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

/**
 * The names and indexes of a path, as Pulumi's options write it: `a.b[0]["c.d"]`; `*` stands for every member.
 * @throws {Error} for a path of another form
 */
export function pathParts(path: string): (string | number)[] {
  const parts: (string | number)[] = [];
  const part = /\.?([^.[\]"]+)|\[(\d+)\]|\[\*\]|\["((?:[^"\\]|\\.)*)"\]/y;
  while (part.lastIndex < path.length) {
    const start = part.lastIndex;
    const match = part.exec(path);
    if (!match) throw new Error(`${path} is not a path of a property, at ${path.slice(start)}`);
    const [, name, index, quoted] = match;
    if (name !== undefined) parts.push(name);
    else if (index !== undefined) parts.push(Number(index));
    else parts.push(quoted === undefined ? "*" : JSON.parse(`"${quoted}"`));
  }
  return parts;
}

/** The first name of a path, like `environment` of `environment.TOKEN`. */
export function topmostName(path: string): string {
  return String(pathParts(path)[0] ?? "");
}

/** The value at a path; undefined if there is none. */
export function valueAt(path: string, value: unknown): unknown {
  return pathParts(path).reduce(memberOf, value);
}

/** Whether the values at a path differ; `*` in the path stands for every member. */
export function differsAt(path: string, one: unknown, other: unknown): boolean {
  const parts = pathParts(path);
  return !isDeepStrictEqual(selected(one, parts), selected(other, parts));
}

/**
 * The value with what stands at a path as it is in a former value. As in Pulumi, members of objects come and go with the
 * former value, but elements of lists do not: an element that is not in both lists stays as it is.
 */
export function withFormerAt(path: string, value: unknown, former: unknown): unknown {
  return reset(value, former, pathParts(path));
}

function selected(value: unknown, [name, ...rest]: PathParts): unknown {
  if (name === undefined) return value;
  if (name !== "*") return selected(memberOf(value, name), rest);
  return namesIn(value).map((each) => [each, selected(memberOf(value, each), rest)]);
}

function reset(value: unknown, former: unknown, [name, ...rest]: PathParts): unknown {
  if (name === undefined) return former;
  if (Array.isArray(value)) {
    if (!Array.isArray(former)) return value;
    const isMeant = (i: number) => i < former.length && (name === "*" || name === i);
    return value.map((item, i) => (isMeant(i) ? reset(item, former[i], rest) : item));
  }
  if (!isObject(value)) return value;
  const names = name === "*" ? new Set([...namesIn(value), ...namesIn(former)]) : [name];
  const result = { ...value };
  for (const each of names) {
    const previous = memberOf(former, each);
    if (rest.length > 0) {
      if (Object.hasOwn(value, each)) result[each] = reset(value[each], previous, rest);
    } else if (previous === undefined) delete result[each];
    else result[each] = previous;
  }
  return result;
}

function namesIn(value: unknown): (string | number)[] {
  if (Array.isArray(value)) return [...value.keys()];
  return isObject(value) ? Object.keys(value) : [];
}

function memberOf(value: unknown, name: string | number): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function isObject(value: unknown): value is Record<string | number, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
