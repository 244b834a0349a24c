import { everyProperty } from "./resource-type.ts";
import { resourceTypeOf } from "./resource-types.ts";

/** Whether the provider makes a resource anew to change the property. @param path like `environment.variables.TOKEN_USE` */
export function isReplacing(type: string, path: string): boolean {
  const known = resourceTypeOf(type);
  if (!known) return false;
  const property = /^[^.[]*/.exec(path)?.[0] ?? "";
  if (property === "region" && !known.isGlobal) return true;
  return known.replacedBy.includes(everyProperty) || known.replacedBy.includes(property);
}
