import { isDeepStrictEqual } from "node:util";
import { stillServed } from "./api-snapshot.ts";
import { differsAt, joinPath } from "./property-path.ts";
import { identityOf, type Properties, type RecordedResource, type ResourceGraph } from "./resource-graph.ts";

export type Operation = "create" | "update" | "delete" | "replace";

export interface ResourceChange {
  readonly operation: Operation;
  /** As it becomes; a deleted one as it was. */
  readonly resource: RecordedResource;
  /** Paths of what an update or a replacement changes, like `environment.variables.TOKEN_USE`: never a value. */
  readonly properties: readonly string[];
}

/** What a deployment of one graph changes where another one is deployed. */
export interface GraphChanges {
  /** In the order of creation; deletions last. */
  readonly resources: readonly ResourceChange[];
  readonly unchangedCount: number;
  readonly outputs: readonly OutputChange[];
  /** What left the program and on AWS is served until one more update, like `route whoami`. */
  readonly stillServed: readonly string[];
}

export interface OutputChange {
  readonly operation: Exclude<Operation, "replace">;
  readonly name: string;
}

/**
 * Compares what two runs of a program declare; a resource is known by its first URN. Resources that a program only
 * reads are left out.
 * @param isReplacing whether a resource of the type is made anew to change the property at the path
 */
export function graphChanges(
  before: ResourceGraph,
  after: ResourceGraph,
  isReplacing: (type: string, path: string) => boolean,
): GraphChanges {
  const former = owned(before);
  const present = owned(after);
  const replaced = new Map<string, readonly string[]>();
  const kept = [...present.values()].flatMap((resource): ResourceChange[] => {
    const previous = former.get(identityOf(resource));
    if (!previous) return [{ operation: "create", resource, properties: [] }];
    const properties = changedProperties(previous, resource, replaced);
    if (properties.length === 0) return [];
    const isMadeAnew =
      properties.some((path) => isReplacing(resource.type, path)) || asksForReplacement(previous, resource);
    const operation = isMadeAnew ? "replace" : "update";
    if (operation === "replace") replaced.set(resource.urn, identifiersOf(previous));
    return [{ operation, resource, properties }];
  });
  const gone = [...former.values()].filter((resource) => !present.has(identityOf(resource)));
  return {
    resources: [
      ...kept,
      ...gone.map((resource) => ({ operation: "delete" as const, resource, properties: [] })),
    ],
    unchangedCount: present.size - kept.length,
    outputs: outputChanges(before.outputs, after.outputs),
    stillServed: stillServed(gone, after),
  };
}

function owned({ resources }: ResourceGraph): ReadonlyMap<string, RecordedResource> {
  return new Map(resources.filter(({ read }) => !read).map((resource) => [identityOf(resource), resource]));
}

function asksForReplacement(before: RecordedResource, after: RecordedResource): boolean {
  return (after.replaceOnChanges ?? []).some((path) => differsAt(path, before.inputs, after.inputs));
}

/** What differs, and what will because it names a resource that is made anew. */
function changedProperties(
  before: RecordedResource,
  after: RecordedResource,
  replaced: ReadonlyMap<string, readonly string[]>,
): string[] {
  const stale = after.dependencies.flatMap((urn) => replaced.get(urn) ?? []);
  const paths = [
    ...changedPaths(before.inputs, after.inputs, ""),
    ...(stale.length > 0 ? pathsNaming(stale, after.inputs, "") : []),
  ];
  return [...new Set(paths)];
}

/** What AWS chose for a resource, like its id and ARN, and chooses anew with the next one. */
function identifiersOf({ id, inputs, outputs }: RecordedResource): string[] {
  const given = Object.values(inputs);
  return [id, ...Object.values(outputs)].filter(
    (value) => typeof value === "string" && value !== "" && !given.includes(value),
  );
}

function changedPaths(before: unknown, after: unknown, path: string): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  const names = memberNames(before, after);
  if (!names) return [path];
  return names.flatMap((name) =>
    changedPaths(memberOf(before, name), memberOf(after, name), joinPath(path, name)),
  );
}

function pathsNaming(identifiers: readonly string[], value: unknown, path: string): string[] {
  if (typeof value === "string") return identifiers.some((text) => value.includes(text)) ? [path] : [];
  const names = memberNames(value, value) ?? [];
  return names.flatMap((name) => pathsNaming(identifiers, memberOf(value, name), joinPath(path, name)));
}

/** The members to compare one by one; undefined for values that are compared as a whole. */
function memberNames(one: unknown, other: unknown): (string | number)[] | undefined {
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) return [...one.keys()];
  if (!isProperties(one) || !isProperties(other)) return undefined;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}

/** An object, but not a deployment package: its files are one thing. */
function isProperties(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !("files" in value);
}

function memberOf(value: unknown, name: string | number): unknown {
  return (value as Properties)[name];
}

function outputChanges(before: Properties, after: Properties): OutputChange[] {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return names
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .map((name) => {
      if (!Object.hasOwn(before, name)) return { operation: "create", name };
      return { operation: Object.hasOwn(after, name) ? "update" : "delete", name };
    });
}
