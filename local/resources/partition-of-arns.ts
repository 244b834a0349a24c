import type { Breach, Rule, Surroundings } from "./rule.ts";

/** Inputs that may hold any text; AWS does not read the ARNs in them. */
const free = ["code", "environment", "tags", "description"];

/** What AWS refuses of a resource of any type. */
export const partitionOfArns: Rule = {
  name: "arn-partition",
  check: ({ inputs }, surroundings) =>
    Object.entries(inputs)
      .filter(([property]) => !free.includes(property))
      .map(([property, value]) => foreignArn(property, value, surroundings))
      .find((breach) => breach !== undefined),
};

/** The first ARN of another partition than the account's in a property, at whatever depth. */
function foreignArn(property: string, value: unknown, surroundings: Surroundings): Breach | undefined {
  if (typeof value === "string") {
    const partition = /^arn:([a-z-]+):/.exec(value)?.[1];
    const own = surroundings.account.partition;
    if (partition === undefined || partition === own) return undefined;
    return { property, value, answer: `the ARN is of partition ${partition}, but this account is in ${own}` };
  }
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value)
    .map(([name, inner]) =>
      foreignArn(Array.isArray(value) ? `${property}[${name}]` : `${property}.${name}`, inner, surroundings),
    )
    .find((breach) => breach !== undefined);
}
