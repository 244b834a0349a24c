import type { ResourceGraph } from "../graph/resource-graph.ts";
import { pictureOf } from "./picture.ts";
import { svgOf } from "./svg.ts";

/** The picture of what a program declares, as SVG. */
export function diagramOf(graph: ResourceGraph): string {
  return svgOf(pictureOf(graph), "The resources of the program, and how a message passes through them");
}
