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

/** How many of the resources that one warning is about are named in it. */
const namedCount = 3;

function merged([first, ...others]: readonly Finding[]): string {
  if (!first || others.length === 0) return first?.message ?? "";
  const said = rest(first);
  const isSame = others.every((other) => other.resource.type === first.resource.type && rest(other) === said);
  if (isSame) return `${first.resource.type} ${enumeration([first, ...others])}${said}`;
  return `${first.message} (this concerns also ${enumeration(others)})`;
}

/** What a message says after it has named its resource. */
function rest({ message, resource: { type, name } }: Finding): string {
  return message.slice(`${type} "${name}"`.length);
}

function enumeration(findings: readonly Finding[]): string {
  const names = findings.map(({ resource }) => `"${resource.name}"`);
  const hidden = names.length - namedCount;
  // One name is as short as "1 more".
  const shown = hidden > 1 ? [...names.slice(0, namedCount), `${hidden} more`] : names;
  return new Intl.ListFormat("en").format(shown);
}
