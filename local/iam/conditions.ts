import { BlockList, isIP, isIPv6 } from "node:net";
import { type Condition, refusePolicyVariables, toList } from "./policy-document.ts";
import { matchesArn, matchesWildcard } from "./wildcard.ts";

interface Comparison {
  readonly matches: (actual: string, expected: string) => boolean;
  readonly accepts?: (expected: string) => boolean;
}

interface Operator {
  readonly comparison: Comparison;
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly quantifier: "ForAllValues" | "ForAnyValue" | undefined;
}

const isoTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

const toNumber = (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN);
/** Reads ISO 8601 or seconds since 1970 into milliseconds. */
const toInstant = (text: string) => (isoTime.test(text) ? Date.parse(text) : toNumber(text) * 1000);
const isBoolean = (text: string) => /^(true|false)$/i.test(text);

const equal: Comparison = { matches: (actual, expected) => actual === expected };
const equalIgnoringCase: Comparison = {
  matches: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
};
const like: Comparison = { matches: (actual, expected) => matchesWildcard(expected, actual) };
const arn: Comparison = { matches: (actual, expected) => matchesArn(expected, actual) };
const inRange: Comparison = {
  matches: inAddressRange,
  accepts: (expected) => addressRange(expected) !== undefined,
};
/** The `Null` operator: it looks at the presence of the key, never at its value. */
const absence: Comparison = { matches: () => false, accepts: isBoolean };

function ordered(parse: (text: string) => number, test: (a: number, b: number) => boolean): Comparison {
  return {
    matches: (actual, expected) => test(parse(actual), parse(expected)),
    accepts: (expected) => !Number.isNaN(parse(expected)),
  };
}

function orderedFamily(name: string, parse: (text: string) => number): [string, Comparison][] {
  return [
    [`${name}Equals`, ordered(parse, (a, b) => a === b)],
    [`${name}LessThan`, ordered(parse, (a, b) => a < b)],
    [`${name}LessThanEquals`, ordered(parse, (a, b) => a <= b)],
    [`${name}GreaterThan`, ordered(parse, (a, b) => a > b)],
    [`${name}GreaterThanEquals`, ordered(parse, (a, b) => a >= b)],
  ];
}

const comparisons = new Map<string, Comparison>([
  ["StringEquals", equal],
  ["StringEqualsIgnoreCase", equalIgnoringCase],
  ["StringLike", like],
  ["ArnEquals", arn],
  ["ArnLike", arn],
  ["Bool", { ...equalIgnoringCase, accepts: isBoolean }],
  ["IpAddress", inRange],
  ["Null", absence],
  ...orderedFamily("Numeric", toNumber),
  ...orderedFamily("Date", toInstant),
]);

const negations = new Map([
  ["StringNotEquals", "StringEquals"],
  ["StringNotEqualsIgnoreCase", "StringEqualsIgnoreCase"],
  ["StringNotLike", "StringLike"],
  ["ArnNotEquals", "ArnEquals"],
  ["ArnNotLike", "ArnLike"],
  ["NotIpAddress", "IpAddress"],
  ["NumericNotEquals", "NumericEquals"],
  ["DateNotEquals", "DateEquals"],
]);

function parseOperator(name: string): Operator {
  const [, quantifier, base = "", ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/.exec(name) ?? [];
  const comparison = comparisons.get(negations.get(base) ?? base);
  const bareNullOnly = comparison === absence && name !== "Null";
  if (comparison === undefined || bareNullOnly) throw new Error(`unknown condition operator "${name}"`);
  return {
    comparison,
    negated: negations.has(base),
    ifExists: ifExists !== undefined,
    quantifier: quantifier as Operator["quantifier"],
  };
}

function addressRange(cidr: string): BlockList | undefined {
  const [address = "", bits, ...rest] = cidr.split("/");
  const family = isIPv6(address) ? "ipv6" : "ipv4";
  const width = family === "ipv6" ? 128 : 32;
  if (isIP(address) === 0 || rest.length > 0) return undefined;
  if (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= width)) return undefined;
  const range = new BlockList();
  range.addSubnet(address, bits === undefined ? width : Number(bits), family);
  return range;
}

function inAddressRange(address: string, cidr: string): boolean {
  return addressRange(cidr)?.check(address, isIPv6(address) ? "ipv6" : "ipv4") ?? false;
}

function holds(operator: Operator, actual: readonly string[], expected: readonly string[]): boolean {
  const { comparison, negated, ifExists, quantifier } = operator;
  if (comparison === absence) {
    return expected.some((value) => (value.toLowerCase() === "true") === (actual.length === 0));
  }
  if (ifExists && actual.length === 0) return true;
  const passes = (value: string) => expected.some((other) => comparison.matches(value, other)) !== negated;
  const everyValue = quantifier === "ForAllValues" || (quantifier === undefined && negated);
  return everyValue ? actual.every(passes) : actual.some(passes);
}

/**
 * Tells whether every operator and key of a `Condition` holds for the request's keys, given in lower case.
 * A key that is absent fails an operator, unless it is negated, `...IfExists` or `ForAllValues:`.
 * An operator that it does not know is an error, never a match or a mismatch.
 */
export function conditionHolds(condition: Condition, keys: ReadonlyMap<string, readonly string[]>): boolean {
  const tests = Object.entries(condition).flatMap(([name, block]) => {
    const operator = parseOperator(name);
    return Object.entries(block).map(([key, values]) => {
      const expected = toList(values).map(String);
      for (const value of expected) checkConditionValue(name, value);
      return holds(operator, keys.get(key.toLowerCase()) ?? [], expected);
    });
  });
  return tests.every(Boolean);
}

/** Throws on an operator that does not exist and on a value that its operator cannot read. */
export function checkConditionValue(operatorName: string, value: string): void {
  const { accepts = () => true } = parseOperator(operatorName).comparison;
  refusePolicyVariables(value);
  if (!accepts(value)) throw new Error(`${operatorName} cannot compare with "${value}"`);
}
