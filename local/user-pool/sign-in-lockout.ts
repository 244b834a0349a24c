import { CognitoError } from "./cognito-error.ts";

const freeFailures = 5;
const maxLockoutMs = 15 * 60 * 1000;
const forgottenAfterMs = 15 * 60 * 1000;

/**
 * Cognito's documented lockout of a user whose password is guessed: the fifth failure locks for 1 second, and each
 * further one for twice as long, up to 15 minutes. Attempts while locked out do not count. A success, or 15 minutes
 * without an attempt, forgets the failures.
 */
export class SignInLockout {
  #failures = 0;
  #lockedUntilMs = 0;
  #lastAttemptAtMs = 0;

  /** Throws while the user is locked out; call it before the password is compared. */
  admit(nowMs: number): void {
    if (nowMs - this.#lastAttemptAtMs >= forgottenAfterMs && nowMs >= this.#lockedUntilMs) this.reset();
    this.#lastAttemptAtMs = nowMs;
    if (nowMs < this.#lockedUntilMs) {
      throw new CognitoError("NotAuthorizedException", "Password attempts exceeded");
    }
  }

  fail(nowMs: number): void {
    this.#failures += 1;
    if (this.#failures < freeFailures) return;
    this.#lockedUntilMs = nowMs + Math.min(1000 * 2 ** (this.#failures - freeFailures), maxLockoutMs);
  }

  reset(): void {
    this.#failures = 0;
    this.#lockedUntilMs = 0;
  }
}
