import type { Properties } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";

/** How the provider names a resource: the logical name, a dash and seven hex digits. */
export interface GeneratedName {
  /** The property that holds the name. */
  readonly property: string;
  /** The property that holds the start of a name, in place of the logical name and the dash. */
  readonly prefixProperty?: string;
  /** Characters that the provider allows (pulumi/pulumi-aws, resource_overrides.go and autonaming.go). */
  readonly maxLength: number;
}

/** The provider names every property `name` so, if nothing else is known of it. */
export const generatedName: GeneratedName = { property: "name", maxLength: 255 };

const digitCount = 7;
/** What the provider puts behind a prefix: a time and a counter. */
const prefixedDigitCount = 26;

interface Unnamed {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
}

/** Whether the provider makes up the whole name: the program gives neither name nor prefix. */
export function isNameless({ inputs }: Pick<Unnamed, "inputs">, of: GeneratedName): boolean {
  return isUnset(inputs[of.property]) && (!of.prefixProperty || isUnset(inputs[of.prefixProperty]));
}

/**
 * The name that the provider makes up.
 * @param digits hex digits, as many as a SHA-256 has
 * @throws {OperatorError} for a logical name that is too long: the provider cuts nothing off
 */
export function makeName(resource: Unnamed, of: GeneratedName, digits: string): string {
  const { type, name, inputs } = resource;
  if (!isNameless(resource, of))
    return `${inputs[of.prefixProperty ?? ""]}${digits.slice(0, prefixedDigitCount)}`;
  if (name.length + 1 + digitCount > of.maxLength)
    throw new OperatorError(
      `${type} "${name}": name '${name}-' plus ${digitCount} random chars is longer than maximum length ${of.maxLength} (give the resource a shorter name, or set ${of.property})`,
    );
  return `${name}-${digits.slice(0, digitCount)}`;
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === null;
}
