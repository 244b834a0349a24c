import type { RecordedResource, ResourceGraph } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import { partitionOfArns } from "./partition-of-arns.ts";
import { resourceTypeOf, resourceTypes } from "./resource-types.ts";
import type { Breach, Rule, Surroundings } from "./rule.ts";

export type { Breach, Check, Rule, Surroundings } from "./rule.ts";

/** What AWS refuses of a resource of any type. */
const generalRules: readonly Rule[] = [partitionOfArns];

/** What AWS refuses, or accepts and then breaks, of a WebSocket API and what belongs to it. */
export const rules: readonly Rule[] = [
  ...new Set([...resourceTypes.flatMap((type) => type.rules), ...generalRules]),
];

/** What AWS refuses, or accepts and then breaks, of a resource of this type. */
export function rulesOf(type: string): readonly Rule[] {
  return [...(resourceTypeOf(type)?.rules ?? []), ...generalRules];
}

/** A rule that a resource breaks. */
export interface Finding {
  /** `error`: AWS refuses the resource. `warning`: AWS accepts it, and something does not work as meant. */
  readonly severity: "error" | "warning";
  /** Name of the rule. */
  readonly rule: string;
  readonly resource: RecordedResource;
  /** Names the resource, the property, its value and what AWS answers, or the rule. */
  readonly message: string;
}

/** What AWS answers to a resource that it refuses. */
export class RefusedResourceError extends OperatorError {
  /** Name of the rule. */
  readonly rule: string;

  constructor({ message, rule }: Finding) {
    super(message);
    this.rule = rule;
  }
}

/** @throws {RefusedResourceError} if AWS would refuse to create the resource beside those that are there already */
export function checkResource(resource: RecordedResource, surroundings: Surroundings): void {
  for (const rule of rulesOf(resource.type)) {
    const refusal = isJudgedAfterwards(rule) ? undefined : judge(rule, resource, surroundings);
    if (refusal) throw new RefusedResourceError(refusal);
  }
}

/** What only the whole stack shows, in the order of its resources: some errors, and every warning. */
export function checkStack(graph: Pick<ResourceGraph, "account" | "resources">): Finding[] {
  return graph.resources.flatMap((resource) =>
    rulesOf(resource.type)
      .filter(isJudgedAfterwards)
      .flatMap((rule) => judge(rule, resource, graph) ?? []),
  );
}

function isJudgedAfterwards({ judged, severity }: Rule): boolean {
  return judged === "afterwards" || severity === "warning";
}

function judge(
  { name, severity, check }: Rule,
  resource: RecordedResource,
  surroundings: Surroundings,
): Finding | undefined {
  if (resource.read || !resource.custom) return undefined;
  const breach = check(resource, surroundings);
  return (
    breach && { severity: severity ?? "error", rule: name, resource, message: describe(resource, breach) }
  );
}

function describe({ type, name }: RecordedResource, { property, value, answer }: Breach): string {
  return `${type} "${name}": ${property} ${value === undefined ? "is not set" : `is ${shown(value)}`}: ${answer}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
