import { projectOf, type RecordedResource, type ResourceGraph } from "../graph/resource-graph.ts";
import { paint } from "./paint.ts";
import { typeLabel } from "./type-label.ts";

/** The resources of each program as a tree: components with their parts below them, as `pulumi up` prints them. */
export function resourceTree({ project: first, stack, resources }: ResourceGraph): string {
  const programs = { [first]: [], ...Object.groupBy(resources, projectOf) };
  return Object.entries(programs)
    .map(([project, own = []]) => {
      const roots = own.filter(({ parent }) => !own.some(({ urn }) => urn === parent));
      return [`${project} (${stack})`, ...branches(roots, own, "")].join("\n");
    })
    .join("\n\n");
}

function branches(
  siblings: readonly RecordedResource[],
  all: readonly RecordedResource[],
  indent: string,
): string[] {
  return siblings.flatMap((resource, i) => {
    const last = i === siblings.length - 1;
    const children = all.filter(({ parent }) => parent === resource.urn);
    return [
      `${indent}${last ? "└─" : "├─"} ${typeLabel(resource)} ${paint("bold", resource.name)}`,
      ...branches(children, all, `${indent}${last ? "   " : "│  "}`),
    ];
  });
}
