import { isDeepStrictEqual } from "node:util";
import { joinPath } from "../graph/property-path.ts";
import type { Properties } from "../graph/resource-graph.ts";
import { assetOf } from "../protocol/property-values.ts";

/** A property that differs. */
export interface PropertyDiff {
  /** Like `environment.variables.TOKEN_USE`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
}

/** What differs between two versions of a resource's inputs, without what the provider notes in them for itself. */
export function propertyDiffs(olds: Properties, news: Properties): PropertyDiff[] {
  return diffs(withoutNotes(olds), withoutNotes(news), "");
}

/** The inputs without what the provider notes in them for itself. */
export function withoutNotes(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !name.startsWith("__")));
}

function diffs(before: unknown, after: unknown, path: string): PropertyDiff[] {
  const [old, current] = [comparable(before), comparable(after)];
  if (isDeepStrictEqual(old, current)) return [];
  if (isAbsent(old)) return [{ path, kind: "add" }];
  if (isAbsent(current)) return [{ path, kind: "delete" }];
  const names = memberNames(old, current);
  if (!names) return [{ path, kind: "update" }];
  return names.flatMap((name) => diffs(memberOf(old, name), memberOf(current, name), joinPath(path, name)));
}

/** The members to compare one by one; undefined for values that are compared as a whole. */
function memberNames(one: unknown, other: unknown): (string | number)[] | undefined {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length ? [...one.keys()] : undefined;
  if (!isObject(one) || !isObject(other)) return undefined;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}

/** Of a file or an archive the hash counts, and of JSON what it says: the provider compares policies and schemas so. */
function comparable(value: unknown): unknown {
  const asset = assetOf(value);
  if (asset) return `${asset.kind} ${asset.hash}`;
  if (typeof value !== "string" || !/^\s*\{/.test(value)) return value;
  try {
    return JSON.stringify(sorted(JSON.parse(value)));
  } catch {
    return value;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted(value[name])]),
  );
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function memberOf(value: unknown, name: string | number): unknown {
  return (value as Readonly<Record<string | number, unknown>>)[name];
}
