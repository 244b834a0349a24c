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

/** Whether a path is `pattern`, or leads into what `pattern` names. */
export function isWithin(path: string, pattern: string): boolean {
  const parts = pathParts(path);
  return pathParts(pattern).every((wanted, i) => wanted === "*" || wanted === parts[i]);
}

/** The value with what stands at a path taken from another value, and gone where the other value has none. */
export function withMemberOf(value: unknown, other: unknown, path: string): unknown {
  return replaced(value, other, pathParts(path));
}

function replaced(value: unknown, other: unknown, [name, ...rest]: (string | number)[]): unknown {
  if (name === undefined) return other;
  if (name === "*") {
    const names = [...new Set([...namesIn(value), ...namesIn(other)])];
    return names.reduce<unknown>((result, each) => replaced(result, other, [each, ...rest]), value);
  }
  const former = memberOf(other, name);
  const member = rest.length === 0 ? former : replaced(memberOf(value, name), former, rest);
  if (Array.isArray(value)) {
    const list = [...value];
    if (member === undefined) list.splice(Number(name), 1);
    else list[Number(name)] = member;
    return list;
  }
  if (member === undefined && !isObject(value)) return value;
  const { [name]: _, ...others } = isObject(value) ? value : {};
  return member === undefined ? others : { ...others, [name]: member };
}

function namesIn(value: unknown): (string | number)[] {
  if (Array.isArray(value)) return [...value.keys()];
  return isObject(value) ? Object.keys(value) : [];
}

function memberOf(value: unknown, name: string | number): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function isObject(value: unknown): value is Record<string | number, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
