import { configText } from "./config-value.ts";
import { isObject } from "./yaml-file.ts";

/** The type that Pulumi.yaml declares for a setting, or for the items of its list. */
interface DeclaredType {
  readonly type?: unknown;
  readonly items?: unknown;
}

/**
 * What the declared type is, if the CLI refuses this value for it.
 * @returns like `array<string>`; undefined for a value that fits, and for a declaration without a type
 */
export function missedType(declaration: unknown, value: unknown): string | undefined {
  if (!isObject(declaration) || typeof declaration.type !== "string") return undefined;
  const isList = Array.isArray(value) || isObject(value);
  // At the top, numbers and words are texts to the CLI.
  return fits(declaration, isList ? value : configText(value)) ? undefined : nameOf(declaration);
}

function fits({ type, items }: DeclaredType, value: unknown): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "integer":
      return typeof value === "bigint" || Number.isInteger(value) || /^[-+]?\d+$/.test(textOf(value));
    case "boolean":
      return typeof value === "boolean" || /^(true|false)$/.test(textOf(value));
    case "object":
      return isObject(value);
    default:
      return Array.isArray(value) && isObject(items) && value.every((item) => fits(items, item));
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function nameOf({ type, items }: DeclaredType): string {
  return isObject(items) ? `${type}<${nameOf(items)}>` : String(type);
}
