import type { ResourceGraph } from "../graph/resource-graph.ts";
import { checkStack, type Finding, RefusedResourceError } from "../resources/rules.ts";

/**
 * What AWS accepts of a stack, but does not serve or keep as meant; a rule that many resources break is one warning.
 * @throws {RefusedResourceError} for what it refuses
 */
export function stackWarnings(graph: Pick<ResourceGraph, "account" | "resources">): string[] {
  const findings = checkStack(graph);
  const refusal = findings.find(({ severity }) => severity === "error");
  if (refusal) throw new RefusedResourceError(refusal);
  return [...Map.groupBy(findings, ({ rule }) => rule).values()].map(merged);
}

function merged([first, ...others]: readonly Finding[]): string {
  if (!first || others.length === 0) return first?.message ?? "";
  const names = others.slice(0, 3).map(({ resource }) => `"${resource.name}"`);
  const more = others.length > names.length ? `, … (${others.length + 1} in all)` : "";
  return `${first.message} (the same: ${names.join(", ")}${more})`;
}
