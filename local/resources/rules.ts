import { valueAt } from "../graph/property-path.ts";
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

function describe(resource: RecordedResource, { property, value, answer }: Breach): string {
  const { type, name, secretPaths = [] } = resource;
  // A property whose name only begins like a secret one is not shown either.
  const isSecret = secretPaths.some((path) => property.startsWith(path) || path.startsWith(property));
  const stated = value === undefined ? "is not set" : `is ${isSecret ? secret : shown(value)}`;
  return `${type} "${name}": ${property} ${stated}: ${withoutSecrets(answer, resource)}`;
}

/** What stands for the value of a secret. */
const secret = "[secret]";
/** Shorter texts are part of many words. */
const shortestSecret = 4;

/** A message in which no text of a secret input is left. */
function withoutSecrets(message: string, { inputs, secretPaths = [] }: RecordedResource): string {
  const texts = secretPaths.flatMap((path) => textsIn(valueAt(path, inputs)));
  return texts
    .filter((text) => text.length >= shortestSecret)
    .sort((one, other) => other.length - one.length)
    .reduce((result, text) => result.replaceAll(text, secret), message);
}

function textsIn(value: unknown): string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(textsIn);
  return typeof value === "string" || typeof value === "number" ? [String(value)] : [];
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

/** What AWS answers to the creation of a resource whose name is taken; undefined where it is free. */
export function conflictOf(
  resource: RecordedResource,
  others: readonly RecordedResource[],
): string | undefined {
  const taken = resourceTypeOf(resource.type)?.taken;
  const isTaken = others.some(
    ({ type, outputs }) =>
      type === resource.type && taken?.properties.every((name) => outputs[name] === resource.outputs[name]),
  );
  return isTaken ? taken?.answer(resource) : undefined;
}
