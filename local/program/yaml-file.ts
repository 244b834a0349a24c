import { readFileSync } from "node:fs";
import { type Alias, LineCounter, parseDocument, type ScalarTag, type Tags, visit } from "yaml";
import { OperatorError } from "../operator-error.ts";

/** Integers that the Pulumi CLI reads beside those of YAML 1.2: `0777`, `0b11` and `1_000`. */
const olderInteger: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^[-+]?(?:0[0-7]+|0b[01]+|\d+(?:_\d+)+)$/,
  resolve(text) {
    const digits = text.replaceAll("_", "").replace(/^[-+]/, "");
    const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
    return text.startsWith("-") ? -value : value;
  },
};

const schema = {
  merge: true,
  intAsBigInt: true,
  customTags: (tags: Tags): Tags => [olderInteger, ...tags, "timestamp"],
} as const;

/**
 * The members of a YAML file, read as the Pulumi CLI does: integers as bigint, dates as Date, merge keys merged.
 * @throws {OperatorError} with the file, and the line and column of a mistake in its YAML
 */
export function readYamlFile(file: string): Record<string, unknown> {
  const lineCounter = new LineCounter();
  const document = parseDocument(readText(file), { ...schema, lineCounter, prettyErrors: false });
  const [error] = document.errors;
  if (error) throw failure(error.pos[0], error.message);
  visit(document, {
    Alias(_, alias: Alias) {
      if (!alias.resolve(document))
        throw failure(alias.range?.[0] ?? 0, `no anchor &${alias.source} before it`);
    },
  });
  const content: unknown = document.toJS() ?? {};
  if (!isObject(content)) throw new OperatorError(`${file}: keys with values are expected, like name: value`);
  return content;

  function failure(offset: number, message: string): OperatorError {
    const { line, col } = lineCounter.linePos(offset);
    return new OperatorError(`${file}:${line}:${col}: ${message}`);
  }
}

/** @throws {OperatorError} that says why the file cannot be read */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new OperatorError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** Whether it has members: neither a list nor a single value. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
