import { CognitoError } from "./cognito-error.ts";
import type { AppClient, UserPool } from "./user-pool.ts";

/** One member of an operation's input, with the constraints that the API's model sets on it. */
export interface Member {
  readonly type: "string" | "map";
  readonly required?: true;
  /** The value stays out of error messages. */
  readonly sensitive?: true;
  readonly pattern?: string;
  readonly values?: readonly string[];
}

type Members = Readonly<Record<string, Member>>;
type StringMap = Readonly<Record<string, string>>;
type ValueOf<M extends Member> = M["type"] extends "map" ? StringMap : string;

/** An input that was checked against its members: required ones are there, the others may be undefined. */
export type InputOf<M extends Members> = {
  readonly [K in keyof M]: M[K]["required"] extends true ? ValueOf<M[K]> : ValueOf<M[K]> | undefined;
};

/** Whom a sign-in is about: what the pool knows of it, never text that the client made up. */
export interface Subject {
  readonly username?: string | undefined;
  readonly clientId?: string | undefined;
}

/** One operation of the Cognito API, its input already checked when it runs. */
export interface Operation<M extends Members = Members> {
  /** `signature`: the request must carry an AWS signature. `none`: anyone may ask. */
  readonly credentials: "signature" | "none";
  readonly members: M;
  /** Only on operations that sign a user in. */
  readonly describeSubject?: (pool: UserPool, input: InputOf<M>) => Subject;
  readonly run: (pool: UserPool, input: InputOf<M>) => object | Promise<object>;
}

/** Ties the type of an operation's input to its members. */
export function defineOperation<const M extends Members>(operation: Operation<M>): Operation {
  return operation as unknown as Operation;
}

/** Members that several operations share; patterns are those of the API's model. */
export const userPoolIdMember = { type: "string", required: true, pattern: "[\\w-]+_[0-9a-zA-Z]+" } as const;
export const clientIdMember = {
  type: "string",
  required: true,
  sensitive: true,
  pattern: "[\\w+]+",
} as const;
export const tokenMember = {
  type: "string",
  required: true,
  sensitive: true,
  pattern: "[A-Za-z0-9-_=.]+",
} as const;

/**
 * Parses and checks a request body. Throws SerializationException for what is not JSON or has a member of another
 * type, and one InvalidParameterException that lists every broken constraint.
 */
export function readInput<M extends Members>(members: M, body: string): InputOf<M> {
  const values = parseObject(body);
  const input: Record<string, unknown> = {};
  const violations: string[] = [];
  for (const [name, member] of Object.entries(members)) {
    const value = values[name] ?? undefined;
    if (value !== undefined && !hasType(value, member.type)) throw new CognitoError("SerializationException");
    input[name] = value;
    violations.push(...violationsOf(name, member, value as string | StringMap | undefined));
  }
  if (violations.length === 0) return input as InputOf<M>;
  const count = violations.length === 1 ? "1 validation error" : `${violations.length} validation errors`;
  throw new CognitoError("InvalidParameterException", `${count} detected: ${violations.join("; ")}`);
}

/** The client, or the error that Cognito gives for one that the pool does not have. */
export function requireClient(pool: UserPool, clientId: string): AppClient {
  const client = pool.findClient(clientId);
  if (client !== undefined) return client;
  throw new CognitoError("ResourceNotFoundException", `User pool client ${clientId} does not exist.`);
}

/** Refuses every pool id but the pool's own. */
export function requirePool(pool: UserPool, userPoolId: string): void {
  if (userPoolId === pool.id) return;
  throw new CognitoError("ResourceNotFoundException", `User pool ${userPoolId} does not exist.`);
}

function parseObject(body: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new CognitoError("SerializationException");
  }
  if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) {
    return parsed as Readonly<Record<string, unknown>>;
  }
  throw new CognitoError("SerializationException");
}

function hasType(value: unknown, type: Member["type"]): boolean {
  if (type === "string") return typeof value === "string";
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((member) => typeof member === "string");
}

/**
 * What a value breaks, in the words of the API. Reported from real answers: the texts for a pattern and for an empty
 * value, and that a sensitive value is left out. Not confirmed: the text for a missing member, the order of enum values.
 */
function violationsOf(name: string, member: Member, value: string | StringMap | undefined): string[] {
  const shown = member.sensitive ? "" : value === undefined ? " null" : ` '${value}'`;
  const at = `Value${shown} at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint:`;
  if (value === undefined) return member.required ? [`${at} Member must not be null`] : [];
  if (typeof value !== "string") return [];
  const violations: string[] = [];
  if (member.values !== undefined && !member.values.includes(value)) {
    violations.push(`${at} Member must satisfy enum value set: [${member.values.join(", ")}]`);
  }
  if (member.pattern !== undefined && !new RegExp(`^(?:${member.pattern})$`).test(value)) {
    violations.push(`${at} Member must satisfy regular expression pattern: ${member.pattern}`);
  }
  if (member.pattern !== undefined && value === "") {
    violations.push(`${at} Member must have length greater than or equal to 1`);
  }
  return violations;
}
