import type { RecordedResource, ResourceGraph } from "../graph/resource-graph.ts";
import type { Condition } from "../iam/policy-document.ts";

/** Calls that the provider makes to create, read, update and delete a resource, and on which ARNs. */
export interface Needs {
  readonly actions: readonly string[];
  /** The resource's own ARN, unless given. */
  readonly resources?: (resource: RecordedResource, graph: ResourceGraph) => readonly string[];
  readonly condition?: (resource: RecordedResource) => Condition;
}

/** Of actions that IAM does not tie to a resource. */
export const anything = () => ["*"];

/** Calls that set and remove tags in a service, like logs. */
export function tagActions(service: string): string[] {
  return ["TagResource", "UntagResource"].map((action) => `${service}:${action}`);
}
