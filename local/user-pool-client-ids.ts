import type { StackConfig } from "./program/stack-config.ts";

/** The app clients that the stack is configured with; none where that is malformed, which the program itself refuses. */
export function userPoolClientIds({ project, config }: Pick<StackConfig, "project" | "config">): string[] {
  try {
    const ids: unknown = JSON.parse(config[`${project}:userPoolClientIds`] ?? "[]");
    return Array.isArray(ids) ? ids.map(String) : [];
  } catch {
    return [];
  }
}
