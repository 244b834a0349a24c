import type { Check } from "./rule.ts";

// biome-ignore lint/suspicious/noExplicitAny: properties are data of every shape
type Value = any;
type Answer = string | ((value: Value) => string);

/** The property, where it is set, must be as `isAllowed` says. `property` is a path, like `accessLogSettings.format`. */
export function optional(property: string, isAllowed: (value: Value) => boolean, answer: Answer): Check {
  return ({ outputs }) => {
    const value = valueAt(outputs, property);
    return value === undefined || isAllowed(value)
      ? undefined
      : { property, value, answer: typeof answer === "string" ? answer : answer(value) };
  };
}

/** The property must be set, and be as `isAllowed` says. */
export function required(property: string, isAllowed: (value: Value) => boolean, answer: Answer): Check {
  const check = optional(property, isAllowed, answer);
  return (resource, surroundings) =>
    valueAt(resource.outputs, property) === undefined
      ? { property, value: undefined, answer: typeof answer === "string" ? answer : answer(undefined) }
      : check(resource, surroundings);
}

/** None of the properties may be set. */
export function absent(properties: readonly string[], answer: (property: string) => string): Check {
  return ({ inputs }) => {
    const property = properties.find((name) => inputs[name] !== undefined);
    return property === undefined
      ? undefined
      : { property, value: inputs[property], answer: answer(property) };
  };
}

/** The number, where it is set, must be in a range; AWS names its own member of the request in its answer. */
export function memberBetween(property: string, least: number, most: number, exception: string): Check {
  return optional(
    property,
    (value) => value >= least && value <= most,
    (value) =>
      constraint(
        exception,
        property,
        value,
        value < least
          ? `Member must have value greater than or equal to ${least}`
          : `Member must have value less than or equal to ${most}`,
      ),
  );
}

/** The text, where it is set, must have a form and a length; `member` is what AWS calls it in its answer. */
export function memberOfForm(
  property: string,
  member: string,
  { pattern, maxLength }: { readonly pattern: string; readonly maxLength: number },
  exception: string,
): Check {
  const form = new RegExp(`^${pattern}$`);
  return optional(
    property,
    (value) => form.test(value) && value.length <= maxLength,
    (value) =>
      constraint(
        exception,
        member,
        value,
        form.test(value)
          ? `Member must have length less than or equal to ${maxLength}`
          : `Member must satisfy regular expression pattern: ${pattern}`,
      ),
  );
}

function constraint(exception: string, member: string, value: unknown, text: string): string {
  return `${exception}: 1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${text}`;
}

export function oneOf(...allowed: readonly unknown[]): (value: unknown) => boolean {
  return (value) => allowed.includes(value);
}

export function matching(pattern: RegExp): (value: unknown) => boolean {
  return (value) => pattern.test(String(value));
}

function valueAt(properties: Value, path: string): Value {
  return path.split(".").reduce((value, name) => value?.[name], properties);
}
