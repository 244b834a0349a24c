import type { Properties, ResourceGraph } from "../local/graph/resource-graph.ts";
import { DeclaredResources } from "../local/program/declared-resources.ts";
import { stackWarnings } from "../local/program/stack-warnings.ts";

/** A resource as the program asks for it. */
export interface RequestedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
  /** URNs of all that must exist first. */
  readonly dependencies: readonly string[];
}

/** Changes a resource before AWS sees it, or drops it by returning undefined: the program with one mistake in it. */
export type Alter = (resource: RequestedResource) => RequestedResource | undefined;

/**
 * What AWS makes of a program in which one thing is different.
 * @throws {RefusedResourceError} for what it refuses
 */
export function alteredGraph(graph: ResourceGraph, alter: Alter): ResourceGraph {
  const { account } = graph;
  const declared = new DeclaredResources({ account, folder: "" });
  for (const resource of graph.resources) {
    const { type, name, inputs, dependencies } = resource;
    const altered = alter({ type, name, inputs, dependencies });
    if (!altered) continue;
    const plan = declared.plan({
      ...resource,
      id: resource.read ? resource.id : undefined,
      properties: altered.inputs,
      dependencies: altered.dependencies,
      account: resource.account ?? account,
      secretPaths: resource.secretPaths ?? [],
      aliases: [],
      ignoreChanges: [],
      replaceOnChanges: [],
      protect: false,
    });
    declared.add(plan);
  }
  const { resources } = declared;
  return { ...graph, resources, warnings: stackWarnings({ account, resources }) };
}
