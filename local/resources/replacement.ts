import { everyProperty } from "./resource-type.ts";
import { resourceTypeOf } from "./resource-types.ts";

/** @param path of the property, like `environment.variables.TOKEN_USE` */
export function isReplacing(type: string, path: string): boolean {
  const names = resourceTypeOf(type)?.replacedBy ?? [];
  return names.includes(everyProperty) || names.includes(/^[^.[]*/.exec(path)?.[0] ?? "");
}
