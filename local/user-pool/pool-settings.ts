import { defaultPasswordPolicy, type PasswordPolicy } from "./password-policy.ts";

/** An attribute of the pool's schema that is not as every pool has it: a custom one, or a standard one. */
export interface SchemaAttribute {
  /** Like "custom:tenant" or "email". */
  readonly name: string;
  readonly isNumber: boolean;
  readonly isMutable: boolean;
  /** Whether a user must have it from the start. */
  readonly isRequired: boolean;
  /** Of a number its value, of a text its length. */
  readonly least?: number | undefined;
  readonly most?: number | undefined;
}

/** What can be set on a pool, as far as it has an effect here. */
export interface PoolSettings {
  /** Undefined: the pool is called by its id. */
  readonly name?: string | undefined;
  readonly passwordPolicy: PasswordPolicy;
  readonly schema: readonly SchemaAttribute[];
  /** "email", "phone_number" or both: what users are named by, in place of a user name. */
  readonly usernameAttributes: readonly string[];
  /** What users may sign in with besides their names: "email", "phone_number", "preferred_username". */
  readonly aliasAttributes: readonly string[];
  /** Whether nobody can sign up: an administrator makes every user. */
  readonly isClosed: boolean;
  readonly deletionProtection: "ACTIVE" | "INACTIVE";
}

/** Cognito's defaults. */
export const defaultPoolSettings: PoolSettings = {
  passwordPolicy: defaultPasswordPolicy,
  schema: [],
  usernameAttributes: [],
  aliasAttributes: [],
  isClosed: false,
  deletionProtection: "INACTIVE",
};
