import { randomBytes, randomUUID } from "node:crypto";
import type { User } from "./user.ts";

/** One sign-in, which its refresh token continues until it is revoked or expires. Times are seconds since the epoch. */
export interface Session {
  readonly user: User;
  readonly clientId: string;
  readonly originJti: string;
  /** What tokens name their session by, also where the client has no token revocation and they carry no `origin_jti`. */
  readonly eventId: string;
  readonly authTime: number;
  /** The same for every refresh token of the session. */
  readonly refreshExpiresAt: number;
}

interface IssuedRefreshToken {
  readonly session: Session;
  /** When rotation makes it invalid. */
  rotatedOutAt: number;
}

/** The sessions of a pool, by their refresh tokens. */
export class Sessions {
  readonly #issued = new Map<string, IssuedRefreshToken>();
  readonly #revokedEventIds = new Set<string>();

  start(args: Pick<Session, "user" | "clientId" | "authTime" | "refreshExpiresAt">): {
    session: Session;
    refreshToken: string;
  } {
    const session = { ...args, originJti: randomUUID(), eventId: randomUUID() };
    return { session, refreshToken: this.#issue(session) };
  }

  /** The session that a refresh token was issued for, be it good or not. */
  find(refreshToken: string): Session | undefined {
    return this.#issued.get(refreshToken)?.session;
  }

  /** A new refresh token of the same session; the former stays good for the grace period, counted from its first use. */
  rotate(
    refreshToken: string,
    { graceSeconds, nowSeconds }: { graceSeconds: number; nowSeconds: number },
  ): string {
    const former = this.#issued.get(refreshToken);
    if (former === undefined) throw new Error("no such refresh token");
    former.rotatedOutAt = Math.min(former.rotatedOutAt, nowSeconds + graceSeconds);
    return this.#issue(former.session);
  }

  isRotatedOut(refreshToken: string, nowSeconds: number): boolean {
    return nowSeconds >= (this.#issued.get(refreshToken)?.rotatedOutAt ?? Number.POSITIVE_INFINITY);
  }

  /** Whether the session was ended; `eventId` is the `event_id` of any of its tokens. */
  isRevoked(eventId: string): boolean {
    return this.#revokedEventIds.has(eventId);
  }

  /** Ends a session. Its access and ID tokens stay good until `exp` for whoever verifies them locally. */
  revoke({ eventId }: Session): void {
    this.#revokedEventIds.add(eventId);
  }

  /** Ends every session that a user has now. */
  revokeAllOf(user: User): void {
    for (const { session } of this.#issued.values()) {
      if (session.user === user) this.revoke(session);
    }
  }

  #issue(session: Session): string {
    const refreshToken = createRefreshToken();
    this.#issued.set(refreshToken, { session, rotatedOutAt: Number.POSITIVE_INFINITY });
    return refreshToken;
  }
}

/** Random bytes in the five-part shape of Cognito's encrypted refresh tokens: opaque to clients. */
function createRefreshToken(): string {
  const header = JSON.stringify({ cty: "JWT", enc: "A256GCM", alg: "RSA-OAEP" });
  return [Buffer.from(header), ...[256, 12, 800, 16].map((size) => randomBytes(size))]
    .map((part) => part.toString("base64url"))
    .join(".");
}
