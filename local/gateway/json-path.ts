/** Reads a value out of JSON data; undefined where there is none. */
export type JsonPath = (data: unknown) => unknown;

/**
 * Reads the JSONPath expressions that name one value, like `$`, `$.a.b`, `$.list[0]` and `$['a']`.
 * @returns undefined for any other, like one with a wildcard or a filter
 */
export function compileJsonPath(path: string): JsonPath | undefined {
  const step = /\.([\p{L}_][\p{L}\p{N}_-]*)|\[(\d+)\]|\[(?:'([^']+)'|"([^"]+)")\]/uy;
  const names: string[] = [];
  step.lastIndex = 1;
  while (path.startsWith("$") && step.lastIndex < path.length) {
    const found = step.exec(path);
    if (!found) return undefined;
    names.push(found.slice(1).find((name) => name !== undefined) ?? "");
  }
  return path.startsWith("$") ? (data) => valueAt(data, names) : undefined;
}

/** The value at the end of a path of names and indexes; only what the data itself has, nothing of a prototype. */
export function valueAt(data: unknown, names: readonly string[]): unknown {
  return names.reduce(memberOf, data);
}

function memberOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return /^\d+$/.test(name) ? value[Number(name)] : undefined;
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
