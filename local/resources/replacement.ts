import type { Properties } from "../graph/resource-graph.ts";
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

/**
 * Whether the provider deletes a resource before it makes the one that replaces it: where the program gives a name that
 * the provider could make up, as two resources cannot have one name.
 * @param inputs of the new resource, with the name that the provider made up
 * @param isNameGenerated whether the provider made up the name (its `__defaults` list the property)
 */
export function deletesBeforeReplace(type: string, inputs: Properties, isNameGenerated: boolean): boolean {
  const { generatedName, deletesBeforeReplace = false } = resourceTypeOf(type) ?? {};
  if (deletesBeforeReplace || !generatedName) return deletesBeforeReplace;
  return (inputs[generatedName.property] ?? undefined) !== undefined && !isNameGenerated;
}
