import { randomBytes } from "node:crypto";
import { notAuthorized } from "./cognito-error.ts";
import type { User } from "./user.ts";

interface Challenge {
  readonly name: string;
  readonly user: User;
  readonly clientId: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  isAnswered: boolean;
}

/** The challenges that sign-ins were answered with, by the `Session` text that the client must send back. */
export class Challenges {
  readonly #bySession = new Map<string, Challenge>();

  /** Returns the `Session`: opaque, with the beginning, the length and the alphabet of Cognito's. */
  open(challenge: Omit<Challenge, "isAnswered">): string {
    const session = `AYABe${randomBytes(1024).toString("base64url")}`;
    this.#bySession.set(session, { ...challenge, isAnswered: false });
    return session;
  }

  /**
   * The user whom a challenge was put to, if it may be answered now by this client. All three texts are reported from
   * real answers; not confirmed: which one Cognito gives for a session of another client, user or challenge.
   */
  require(session: string, { name, clientId, nowSeconds }: ChallengeAnswer): User {
    const challenge = this.#bySession.get(session);
    if (challenge === undefined || challenge.name !== name || challenge.clientId !== clientId) {
      throw notAuthorized("Invalid session for the user.");
    }
    if (challenge.isAnswered) {
      throw notAuthorized("Invalid session for the user, session can only be used once.");
    }
    if (nowSeconds >= challenge.expiresAt) {
      throw notAuthorized("Invalid session for the user, session is expired.");
    }
    return challenge.user;
  }

  /** Uses the session up; an answer that was refused does not. */
  close(session: string): void {
    const challenge = this.#bySession.get(session);
    if (challenge !== undefined) challenge.isAnswered = true;
  }
}

interface ChallengeAnswer {
  readonly name: string;
  readonly clientId: string;
  readonly nowSeconds: number;
}
