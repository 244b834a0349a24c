import type { RecordedResource, ResourceGraph } from "../graph/resource-graph.ts";

/** What exists when a resource is judged: what was created before it, or the whole stack. */
export type Surroundings = Pick<ResourceGraph, "account" | "resources">;

/** How a resource breaks a rule. */
export interface Breach {
  /** Path in the inputs, like `accessLogSettings.format`. */
  readonly property: string;
  readonly value: unknown;
  /**
   * What AWS answers, where that is known: it starts with the name of AWS's exception. Otherwise the rule in our words.
   * What stands in parentheses behind AWS's answer is ours.
   */
  readonly answer: string;
}

export type Check = (resource: RecordedResource, surroundings: Surroundings) => Breach | undefined;

/** What AWS refuses of the resources of one type, or of all. */
export interface Rule {
  readonly name: string;
  /** Set for what AWS accepts, but does not serve or keep as meant. */
  readonly severity?: "warning";
  /** Set for an error that only the whole stack shows; any other one is AWS's answer to the resource's creation. */
  readonly judged?: "afterwards";
  readonly check: Check;
}
