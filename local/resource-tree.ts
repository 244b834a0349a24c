import type { RecordedResource, ResourceGraph } from "./engine/resource-graph.ts";
import { paint } from "./paint.ts";

/** The resources as a tree: components with their parts below them, like the one that `pulumi up` prints. */
export function resourceTree({ project, stack, resources }: ResourceGraph): string {
  const roots = resources.filter(({ parent }) => !resources.some(({ urn }) => urn === parent));
  return [`${project} (${stack})`, ...branches(roots, resources, "")].join("\n");
}

function branches(
  siblings: readonly RecordedResource[],
  all: readonly RecordedResource[],
  indent: string,
): string[] {
  return siblings.flatMap((resource, i) => {
    const last = i === siblings.length - 1;
    const children = all.filter(({ parent }) => parent === resource.urn);
    const kind = resource.type.split(/[:/]/).slice(resource.custom ? 1 : -1);
    const label = resource.custom ? `${kind[0]}.${kind.at(-1)}` : `${kind[0]}`;
    return [
      `${indent}${last ? "└─" : "├─"} ${label} ${paint("bold", resource.name)}`,
      ...branches(children, all, `${indent}${last ? "   " : "│  "}`),
    ];
  });
}
