import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";

/** A password as the pool keeps it: scrypt over a salt of its own, a few milliseconds to make or to compare. */
export class PasswordHash {
  readonly #salt = randomBytes(16);
  readonly #hash: Buffer;

  constructor(password: string) {
    this.#hash = this.#derive(password);
  }

  /** Takes the same time whatever the password. */
  matches(password: string): boolean {
    return timingSafeEqual(this.#derive(password), this.#hash);
  }

  #derive(password: string): Buffer {
    return scryptSync(password, this.#salt, 32, { N: 1024 });
  }
}

/** What the password of an unknown user is compared with, so that the time of a refusal does not tell who exists. */
export const nobodysPassword = new PasswordHash(randomBytes(16).toString("base64"));
