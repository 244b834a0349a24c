/** What a URN is made of. */
export interface UrnParts {
  readonly stack: string;
  readonly project: string;
  /** URN of the parent; undefined, or the stack's own, for a resource at the top. */
  readonly parent: string | undefined;
  readonly type: string;
  readonly name: string;
}

export const stackType = "pulumi:pulumi:Stack";

/** The URN of a resource: it names the types of all its parents, but for the stack. */
export function urnOf({ stack, project, parent, type, name }: UrnParts): string {
  const parentType = parent === undefined ? "" : qualifiedTypeOf(parent);
  const qualifiedType = parentType === "" || parentType === stackType ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualifiedType}::${name}`;
}

/** The name of a resource in its program. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The type of a resource, without those of its parents. */
export function typeOf(urn: string): string {
  return qualifiedTypeOf(urn).split("$").at(-1) ?? "";
}

function qualifiedTypeOf(urn: string): string {
  return urn.split("::")[2] ?? "";
}
