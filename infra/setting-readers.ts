/** Reads the raw value of a key; returns the setting, or throws a `Problem` that says what is allowed. */
export type Reader<T> = (raw: string, key: string) => T;

/** A value that a setting cannot have. Its message is what is allowed. */
export class Problem extends Error {
  readonly raw: string;
  readonly fix: string;

  constructor(raw: string, allowed: string, fix: string) {
    super(allowed);
    this.raw = raw;
    this.fix = fix;
  }

  /** @param secret whether the value must not be shown */
  describe(key: string, secret: boolean): string {
    const value = secret ? "a secret of another form" : JSON.stringify(this.raw);
    const state = this.raw === "" ? "is not set" : `is ${value}`;
    return `${key} ${state}, but must be ${this.message}: ${this.fix}`;
  }
}

/** How to set a key: the command, and the line in the stack's file that means the same. */
export function setTo(key: string, value: string | number | undefined): string {
  return `npx pulumi config set ${key} ${value} (in the file: ${key}: ${value})`;
}

/** A text of one form. */
export function matching(pattern: RegExp, allowed: string, example: string): Reader<string> {
  return (raw, key) => {
    if (pattern.test(raw)) return raw;
    throw new Problem(raw, allowed, setTo(key, example));
  };
}

/** Empty, or what the reader takes. */
export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (raw, key) => (raw === "" ? undefined : reader(raw, key));
}

/** One of a few words. */
export function oneOf<const T extends string>(...values: T[]): Reader<T> {
  return (raw, key) => {
    const value = values.find((candidate) => candidate === raw);
    if (value) return value;
    throw new Problem(raw, values.join(" or "), setTo(key, values[0]));
  };
}

/** @param least and most that are allowed; @param example to suggest */
export function wholeNumber(least: number, most: number, example = 100): Reader<number> {
  return (raw, key) => {
    const value = Number(raw);
    if (/^\d+$/.test(raw) && value >= least && value <= most) return value;
    throw new Problem(raw, `a whole number from ${least} to ${most}`, setTo(key, example));
  };
}

/** `true` or `false`. */
export function flag(): Reader<boolean> {
  const words = oneOf("false", "true");
  return (raw, key) => words(raw, key) === "true";
}

/** A JSON list of texts of one form, none twice. */
export function list(
  item: RegExp,
  allowed: string,
  rule: { atLeast?: number; example: string },
): Reader<string[]> {
  return (raw, key) => {
    // The CLI stores an item of digits as a number.
    const value = asTexts(parseJson(raw));
    const isList = Array.isArray(value);
    // One text where a list is expected, most likely its only item. The CLI adds no item to a text.
    const first = item.test(raw) && /^[\w./:+-]+$/.test(raw) && !isList ? raw : rule.example;
    const clear = isList || raw === "" ? "" : `npx pulumi config rm ${key}, then `;
    const refuse = new Problem(
      raw,
      `a list of ${allowed}, none twice`,
      `${clear}npx pulumi config set --path '${key}[0]' ${first} (in the file: ${key}: [${first}])`,
    );
    if (!isList || value.length < (rule.atLeast ?? 0)) throw refuse;
    if (!value.every((entry) => typeof entry === "string" && item.test(entry))) throw refuse;
    if (new Set(value).size !== value.length) throw refuse;
    return value;
  };
}

function asTexts(value: unknown): unknown {
  return Array.isArray(value)
    ? value.map((item) => (Number.isSafeInteger(item) ? String(item) : item))
    : value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
