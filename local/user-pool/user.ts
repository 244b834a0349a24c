import { randomInt, randomUUID } from "node:crypto";
import { PasswordHash } from "./password-hash.ts";
import type { PasswordPolicy } from "./password-policy.ts";
import { SignInLockout } from "./sign-in-lockout.ts";
import type { Attribute } from "./user-attributes.ts";

/** The states that a user of this pool can be in; `FORCE_CHANGE_PASSWORD` is one with a temporary password. */
export type UserStatus = "UNCONFIRMED" | "CONFIRMED" | "FORCE_CHANGE_PASSWORD";

export interface UserArgs {
  readonly username: string;
  readonly password: string;
  readonly status: UserStatus;
  readonly attributes: ReadonlyMap<string, string>;
  readonly nowSeconds: number;
  /** Default: a new one. */
  readonly sub?: string | undefined;
}

const confirmationCodeLifetimeSeconds = 24 * 3600;

/** A user as the pool keeps one: the password only as a salted hash. All times are seconds since the epoch. */
export class User {
  readonly username: string;
  /** A UUID, the same for as long as the user lives. */
  readonly sub: string;
  readonly createdAt: number;
  readonly lockout = new SignInLockout();
  /** Names, in the order in which the user was added. */
  readonly groups = new Set<string>();
  readonly #attributes = new Map<string, string>();
  #status: UserStatus;
  #isEnabled = true;
  #password: PasswordHash;
  #passwordSetAt: number;
  #modifiedAt: number;
  #confirmationCode: { readonly code: string; readonly expiresAt: number } | undefined;

  constructor({ username, password, status, attributes, nowSeconds, sub = randomUUID() }: UserArgs) {
    this.username = username;
    this.sub = sub;
    this.createdAt = nowSeconds;
    this.#status = status;
    this.#password = new PasswordHash(password);
    this.#passwordSetAt = nowSeconds;
    this.#modifiedAt = nowSeconds;
    this.setAttributes(attributes, nowSeconds);
  }

  get status(): UserStatus {
    return this.#status;
  }

  get isEnabled(): boolean {
    return this.#isEnabled;
  }

  get modifiedAt(): number {
    return this.#modifiedAt;
  }

  /** Without `sub`. */
  get attributes(): ReadonlyMap<string, string> {
    return this.#attributes;
  }

  /** The attributes as the API lists them, `sub` last. */
  listAttributes(): Attribute[] {
    return [...this.#attributes, ["sub", this.sub] as const].map(([Name, Value]) => ({ Name, Value }));
  }

  hasPassword(password: string): boolean {
    return this.#password.matches(password);
  }

  /** A temporary password lets the user in once, to choose another. */
  setPassword(password: string, { temporary, nowSeconds }: { temporary: boolean; nowSeconds: number }): void {
    this.#password = new PasswordHash(password);
    this.#passwordSetAt = nowSeconds;
    this.#status = temporary ? "FORCE_CHANGE_PASSWORD" : "CONFIRMED";
    this.lockout.reset();
    this.#modifiedAt = nowSeconds;
  }

  isPasswordExpired(nowSeconds: number, { TemporaryPasswordValidityDays }: PasswordPolicy): boolean {
    const lifetimeSeconds = TemporaryPasswordValidityDays * 24 * 3600;
    return this.#status === "FORCE_CHANGE_PASSWORD" && nowSeconds >= this.#passwordSetAt + lifetimeSeconds;
  }

  setAttributes(attributes: ReadonlyMap<string, string>, nowSeconds: number): void {
    for (const [name, value] of attributes) this.#attributes.set(name, value);
    this.#modifiedAt = nowSeconds;
  }

  deleteAttributes(names: readonly string[], nowSeconds: number): void {
    for (const name of names) this.#attributes.delete(name);
    this.#modifiedAt = nowSeconds;
  }

  setEnabled(isEnabled: boolean, nowSeconds: number): void {
    this.#isEnabled = isEnabled;
    this.#modifiedAt = nowSeconds;
  }

  confirm(nowSeconds: number): void {
    this.#status = "CONFIRMED";
    this.#confirmationCode = undefined;
    this.#modifiedAt = nowSeconds;
  }

  /** Six digits, good for 24 hours, in place of any former code. */
  newConfirmationCode(nowSeconds: number): string {
    const code = String(randomInt(1_000_000)).padStart(6, "0");
    this.#confirmationCode = { code, expiresAt: nowSeconds + confirmationCodeLifetimeSeconds };
    return code;
  }

  /** The code that confirms the user now, if there is one. */
  confirmationCode(nowSeconds: number): string | undefined {
    const { code, expiresAt = 0 } = this.#confirmationCode ?? {};
    return nowSeconds < expiresAt ? code : undefined;
  }
}
