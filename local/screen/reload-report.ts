import type { GraphChanges, Operation } from "../graph/graph-changes.ts";
import { paint } from "./paint.ts";
import { typeLabel } from "./type-label.ts";

/** How an operation is shown. */
export const signs = {
  create: { sign: "+", style: "green" },
  update: { sign: "~", style: "yellow" },
  delete: { sign: "-", style: "red" },
  replace: { sign: "+-", style: "magenta" },
} as const;

/** What a deployment changed, as `pulumi preview` would tell it: names of properties, never their values. */
export function reloadReport(changes: GraphChanges): string {
  const rows = [
    ...changes.resources.map(({ operation, resource, properties }) => ({
      operation,
      cells: [typeLabel(resource), resource.name, properties.join(", ")],
    })),
    ...changes.outputs.map(({ operation, name }) => ({ operation, cells: ["output", name, ""] })),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map(({ cells }) => cells[column]?.length ?? 0)));
  const lines = rows.map(({ operation, cells }) => {
    const padded = cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
    return ` ${paint(signs[operation].style, signs[operation].sign.padEnd(2))}  ${padded}`.trimEnd();
  });
  return [...lines, ` ${summary(changes)}`, ...onAws(changes)].join("\n");
}

/** Pulumi deletes what left the program after it has made the deployment that holds it. */
function onAws({ stillServed }: GraphChanges): string[] {
  return stillServed.length > 0
    ? [` on AWS, the stage serves this until one more deployment is made: ${stillServed.join(", ")}`]
    : [];
}

/** Whether there is anything to report. */
export function isChange({ resources, outputs }: GraphChanges): boolean {
  return resources.length + outputs.length > 0;
}

/** Like `~ 1 to update, +-1 to replace, 50 unchanged`. */
function summary({ resources, unchangedCount }: GraphChanges): string {
  const counts = (Object.keys(signs) as Operation[]).flatMap((operation) => {
    const count = resources.filter((change) => change.operation === operation).length;
    const { sign, style } = signs[operation];
    return count > 0 ? `${paint(style, sign.padEnd(2))}${count} to ${operation}` : [];
  });
  return [...counts, `${unchangedCount} unchanged`].join(", ");
}
