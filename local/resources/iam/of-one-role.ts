import { type RecordedResource, type ResourceGraph, resourcesOfType } from "../../graph/resource-graph.ts";

/** The other resources of the same type that belong to the same role. */
export function siblings(
  resource: RecordedResource,
  resources: readonly RecordedResource[],
): RecordedResource[] {
  return resourcesOfType({ resources }, resource.type).filter(
    ({ urn, inputs }) => inputs.role === resource.inputs.role && urn !== resource.urn,
  );
}

/** ARNs of the program's own roles that the resource names. */
export function ownRole({ inputs }: RecordedResource, graph: ResourceGraph): string[] {
  return resourcesOfType(graph, "aws:iam/role:Role")
    .filter(({ outputs }) => outputs.name === inputs.role)
    .map(({ outputs }) => outputs.arn);
}
