import type { RecordedResource } from "../graph/resource-graph.ts";

/** A resource's type for people: `lambda.Function`, or `Route` for a component of the program. */
export function typeLabel({ type, custom }: RecordedResource): string {
  const parts = type.split(/[:/]/);
  return custom ? `${parts[1]}.${parts.at(-1)}` : `${parts.at(-1)}`;
}
