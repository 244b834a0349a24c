import { CognitoError } from "./cognito-error.ts";

interface Constraints {
  readonly required?: true;
  /** The value stays out of error messages. */
  readonly sensitive?: true;
}

interface StringMember extends Constraints {
  readonly type: "string";
  readonly values?: readonly string[];
  readonly pattern?: string;
  /** Length in UTF-16 code units. */
  readonly min?: number;
  readonly max?: number;
}

interface IntegerMember extends Constraints {
  readonly type: "integer";
  readonly min?: number;
  readonly max?: number;
}

interface BooleanMember extends Constraints {
  readonly type: "boolean";
}

/** Strings by name; its names and values are not constrained. */
interface MapMember extends Constraints {
  readonly type: "map";
}

interface ListMember extends Constraints {
  readonly type: "list";
  readonly item: Member;
}

interface StructureMember extends Constraints {
  readonly type: "structure";
  readonly members: Members;
}

/** One member of an operation's input, with the constraints that the API's model sets on it. */
export type Member = StringMember | IntegerMember | BooleanMember | MapMember | ListMember | StructureMember;

export type Members = { readonly [name: string]: Member };

type ValueOf<M extends Member> = M extends { readonly values: readonly (infer V)[] }
  ? V
  : M extends ListMember
    ? readonly ValueOf<M["item"]>[]
    : M extends StructureMember
      ? InputOf<M["members"]>
      : { string: string; integer: number; boolean: boolean; map: Readonly<Record<string, string>> }[Exclude<
          M["type"],
          "list" | "structure"
        >];

/** An input that was checked against its members: required ones are there, the others may be undefined. */
export type InputOf<M extends Members> = {
  readonly [K in keyof M]: M[K]["required"] extends true ? ValueOf<M[K]> : ValueOf<M[K]> | undefined;
};

/**
 * Parses and checks a request body. Throws SerializationException for what is not JSON or has a member of another
 * type, and one InvalidParameterException that lists every broken constraint. What is not among the members is left out.
 */
export function readInput<M extends Members>(members: M, body: string): InputOf<M> {
  const input = readStructure(members, parse(body));
  const violations = violationsIn(members, input, "");
  if (violations.length === 0) return input as InputOf<M>;
  const count = violations.length === 1 ? "1 validation error" : `${violations.length} validation errors`;
  throw new CognitoError("InvalidParameterException", `${count} detected: ${violations.join("; ")}`);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new CognitoError("SerializationException");
  }
}

type Structure = Readonly<Record<string, unknown>>;

function readStructure(members: Members, value: unknown): Structure {
  if (!isObject(value)) throw new CognitoError("SerializationException");
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => {
      const given = Object.hasOwn(value, name) ? (value[name] ?? undefined) : undefined;
      return [name, given === undefined ? undefined : readValue(member, given)];
    }),
  );
}

function readValue(member: Member, value: unknown): unknown {
  if (member.type === "structure") return readStructure(member.members, value);
  if (member.type === "list" && Array.isArray(value))
    return value.map((item) => readValue(member.item, item));
  const fits =
    member.type === "integer"
      ? Number.isInteger(value)
      : member.type === "map"
        ? isObject(value) && Object.values(value).every((text) => typeof text === "string")
        : typeof value === member.type;
  if (!fits) throw new CognitoError("SerializationException");
  return value;
}

function isObject(value: unknown): value is Structure {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function violationsIn(members: Members, input: Structure, prefix: string): string[] {
  return Object.entries(members).flatMap(([name, member]) =>
    violationsOf(member, input[name], `${prefix}${name.charAt(0).toLowerCase()}${name.slice(1)}`),
  );
}

/**
 * What a value breaks, in the words of the API. Reported from real answers: the texts for a pattern and for an empty
 * value, and that a sensitive value is left out. Not confirmed: the texts for a missing member and for numbers, the
 * order of enum values, and the path of a list's item.
 */
function violationsOf(member: Member, value: unknown, path: string): string[] {
  if (member.type === "structure" && value !== undefined)
    return violationsIn(member.members, value as Structure, `${path}.`);
  if (member.type === "list" && value !== undefined)
    return (value as unknown[]).flatMap((item, i) =>
      violationsOf(member.item, item, `${path}.${i + 1}.member`),
    );
  const shown = member.sensitive ? "" : value === undefined ? " null" : ` '${value}'`;
  return brokenConstraints(member, value).map(
    (constraint) => `Value${shown} at '${path}' failed to satisfy constraint: Member must ${constraint}`,
  );
}

function brokenConstraints(member: Member, value: unknown): string[] {
  if (value === undefined) return member.required ? ["not be null"] : [];
  if (member.type === "integer") return outOfRange("value", Number(value), member);
  if (member.type !== "string") return [];
  const text = String(value);
  const { values, pattern } = member;
  return [
    ...(values && !values.includes(text) ? [`satisfy enum value set: [${values.join(", ")}]`] : []),
    ...(pattern !== undefined && !new RegExp(`^(?:${pattern})$`, "u").test(text)
      ? [`satisfy regular expression pattern: ${pattern}`]
      : []),
    ...outOfRange("length", text.length, member),
  ];
}

function outOfRange(what: string, size: number, { min, max }: { min?: number; max?: number }): string[] {
  return [
    ...(min !== undefined && size < min ? [`have ${what} greater than or equal to ${min}`] : []),
    ...(max !== undefined && size > max ? [`have ${what} less than or equal to ${max}`] : []),
  ];
}
