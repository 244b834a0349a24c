import type { AppClient } from "./app-client.ts";
import { CognitoError } from "./cognito-error.ts";
import type { InputOf, Members } from "./input.ts";
import type { User } from "./user.ts";
import type { UserPool } from "./user-pool.ts";

/** Whom a sign-in is about: what the pool knows of it, never text that the client made up. */
export interface Subject {
  readonly username?: string | undefined;
  readonly clientId?: string | undefined;
}

/** What Cognito would send to a user. Nothing is sent here: the operator sees it instead. */
export interface Email {
  /** As the user gave it, e.g. "alice@example.com". */
  readonly to: string;
  readonly username: string;
  readonly subject: "confirmation code" | "temporary password";
  /** The code or the password. */
  readonly content: string;
}

/** One operation of the Cognito API on one pool, which its input names. The input is already checked when it runs. */
export interface Operation<M extends Members = Members> {
  /** `signature`: the request must carry an AWS signature. `none`: anyone may ask. */
  readonly credentials: "signature" | "none";
  readonly members: M;
  /** Only on operations that sign a user in. */
  readonly describeSubject?: (pool: UserPool, input: InputOf<M>) => Subject;
  readonly run: (pool: UserPool, input: InputOf<M>, send: (email: Email) => void) => object;
}

/** Ties the type of an operation's input to its members. */
export function defineOperation<const M extends Members>(operation: Operation<M>): Operation {
  return operation as unknown as Operation;
}

/** Members that several operations share, with the constraints of the API's model. */
export const userPoolIdMember = {
  type: "string",
  required: true,
  pattern: "[\\w-]+_[0-9a-zA-Z]+",
  min: 1,
  max: 55,
} as const;
export const clientIdMember = {
  type: "string",
  required: true,
  sensitive: true,
  pattern: "[\\w+]+",
  min: 1,
  max: 128,
} as const;
export const clientSecretMember = {
  type: "string",
  sensitive: true,
  pattern: "[\\w+]+",
  min: 24,
  max: 64,
} as const;
export const secretHashMember = {
  type: "string",
  sensitive: true,
  pattern: "[\\w+=/]+",
  min: 1,
  max: 128,
} as const;
export const tokenMember = {
  type: "string",
  required: true,
  sensitive: true,
  pattern: "[A-Za-z0-9-_=.]+",
} as const;
export const usernameMember = {
  type: "string",
  required: true,
  sensitive: true,
  pattern: "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
  min: 1,
  max: 128,
} as const;
export const passwordMember = { type: "string", sensitive: true, pattern: "[\\S]+", max: 256 } as const;
export const requiredPasswordMember = { ...passwordMember, required: true } as const;
export const attributesMember = {
  type: "list",
  item: {
    type: "structure",
    members: {
      Name: {
        type: "string",
        required: true,
        pattern: "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r ]+",
        min: 1,
        max: 32,
      },
      Value: { type: "string", sensitive: true, max: 2048 },
    },
  },
} as const;

/** The client, or the error that Cognito gives for one that the pool does not have. */
export function requireClient(pool: UserPool, clientId: string): AppClient {
  const client = pool.findClient(clientId);
  if (client !== undefined) return client;
  throw new CognitoError("ResourceNotFoundException", `User pool client ${clientId} does not exist.`);
}

/** The user of this pool, for administrators. */
export function requireUser(pool: UserPool, username: string): User {
  const user = pool.findUser(username);
  if (user !== undefined) return user;
  throw new CognitoError("UserNotFoundException", "User does not exist.");
}
