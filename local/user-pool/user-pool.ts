import { randomBytes, randomUUID, scrypt, scryptSync, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { partitionOf } from "../account/partition.ts";
import { signToken } from "./sign-token.ts";
import { generateSigningKeys, type PublicJwk, publicJwk, type SigningKeys } from "./signing-keys.ts";
import { accessTokenClaims, idTokenClaims, tokenLifetimeSeconds } from "./token-claims.ts";

/** An app client; with a `clientSecret`, its sign-ins need a SECRET_HASH. */
export interface AppClient {
  readonly clientId: string;
  readonly clientSecret?: string;
}

/** A user as given to the pool, with a password in clear: demo users only. */
export interface DemoUser {
  readonly username: string;
  readonly password: string;
  readonly groups: readonly string[];
  readonly email?: string;
}

export interface UserPoolArgs {
  /** E.g. "us-east-1_LocalPool"; the part before "_" is the region. */
  readonly userPoolId: string;
  readonly clients: readonly AppClient[];
  readonly users: readonly DemoUser[];
  /** First part of the issuer's host name: "cognito-idp" (default), or "issuer-cognito-idp", the newer form. */
  readonly issuerHost?: string;
  /** The time in milliseconds; default `Date.now`. */
  readonly clock?: () => number;
  /** Default: made fresh, which takes 100 ms or more. */
  readonly signingKeys?: SigningKeys;
}

/** A user as the pool keeps one: the password only as a salted hash. */
export interface User {
  readonly username: string;
  /** A UUID, the same for as long as the pool lives. */
  readonly sub: string;
  readonly groups: readonly string[];
  readonly email: string | undefined;
  readonly passwordSalt: Buffer;
  readonly passwordHash: Buffer;
}

/** One sign-in, which its refresh token continues until it is revoked or 30 days old. */
export interface Session {
  readonly user: User;
  readonly clientId: string;
  readonly refreshToken: string;
  readonly originJti: string;
  readonly eventId: string;
  /** Seconds since the epoch. */
  readonly authTime: number;
}

/** Tokens in the shape in which the Cognito API answers with them; a refresh brings no new refresh token. */
export interface AuthenticationResult {
  readonly AccessToken: string;
  readonly ExpiresIn: number;
  readonly IdToken: string;
  readonly RefreshToken?: string;
  readonly TokenType: "Bearer";
}

/** Cognito's default lifetime of a refresh token: 30 days. */
export const refreshTokenLifetimeSeconds = 30 * 24 * 3600;

/** The region, an underscore, letters and digits. */
export const userPoolIdPattern = /^([a-z0-9-]+)_[0-9a-zA-Z]+$/;
const scryptCost = { N: 1024 };
const hashPassword = promisify<string, Buffer, number, { N: number }, Buffer>(scrypt);

/** An Amazon Cognito user pool in memory: users, app clients, sessions and signing keys, all gone when the run ends. */
export class UserPool {
  readonly id: string;
  readonly region: string;
  /** The real issuer of such a pool, e.g. "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_LocalPool". */
  readonly issuer: string;
  readonly clients: readonly AppClient[];
  readonly users: readonly User[];
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly #clock: () => number;
  readonly #sessions = new Map<string, Session>();
  readonly #revokedOriginJtis = new Set<string>();
  #signingKeys: SigningKeys;

  constructor(args: UserPoolArgs) {
    const region = userPoolIdPattern.exec(args.userPoolId)?.[1];
    if (region === undefined) {
      throw new Error(
        `userPoolId must be <region>_<letters and digits>, e.g. us-east-1_LocalPool, got ${args.userPoolId}`,
      );
    }
    this.id = args.userPoolId;
    this.region = region;
    this.issuer = `https://${args.issuerHost ?? "cognito-idp"}.${region}.${partitionOf(region).dnsSuffix}/${args.userPoolId}`;
    this.clients = args.clients;
    this.users = args.users.map(createUser);
    this.#clock = args.clock ?? Date.now;
    this.createdAt = this.nowSeconds();
    this.#signingKeys = args.signingKeys ?? generateSigningKeys();
  }

  /** The keys in use now, for whoever must sign a token of its own. */
  get signingKeys(): SigningKeys {
    return this.#signingKeys;
  }

  nowSeconds(): number {
    return Math.floor(this.#clock() / 1000);
  }

  /** The public keys as Cognito lists them: the ID token key first, then the access token key. */
  jwks(): { keys: PublicJwk[] } {
    return { keys: [publicJwk(this.#signingKeys.id), publicJwk(this.#signingKeys.access)] };
  }

  /** Replaces both keys: from now on the JWKS no longer verifies tokens signed before. */
  rotateKeys(signingKeys: SigningKeys = generateSigningKeys()): void {
    this.#signingKeys = signingKeys;
  }

  findClient(clientId: string): AppClient | undefined {
    return this.clients.find((client) => client.clientId === clientId);
  }

  findUser(username: string): User | undefined {
    return this.users.find((user) => user.username === username);
  }

  findSession(refreshToken: string): Session | undefined {
    return this.#sessions.get(refreshToken);
  }

  async isPasswordOf(user: User, password: string): Promise<boolean> {
    const hash = await hashPassword(password, user.passwordSalt, user.passwordHash.length, scryptCost);
    return timingSafeEqual(hash, user.passwordHash);
  }

  /** Signs a user in without asking for the password; throws for a user or client that the pool does not have. */
  issueTokens({ username, clientId }: { username: string; clientId: string }): AuthenticationResult {
    const user = this.findUser(username);
    if (user === undefined) throw new Error(`user pool ${this.id} has no user ${username}`);
    if (this.findClient(clientId) === undefined) {
      throw new Error(`user pool ${this.id} has no client ${clientId}`);
    }
    const session = createSession(user, clientId, this.nowSeconds());
    this.#sessions.set(session.refreshToken, session);
    return { ...this.refreshTokens(session), RefreshToken: session.refreshToken };
  }

  /** New access and ID tokens of a session, which keep its `auth_time`, `origin_jti` and `event_id`. */
  refreshTokens(session: Session): AuthenticationResult {
    const now = this.nowSeconds();
    return {
      AccessToken: signToken(accessTokenClaims(session, this.issuer, now), this.#signingKeys.access),
      ExpiresIn: tokenLifetimeSeconds,
      IdToken: signToken(idTokenClaims(session, this.issuer, now), this.#signingKeys.id),
      TokenType: "Bearer",
    };
  }

  /** Whether the sign-in that a token descends from was ended; `originJti` is the token's `origin_jti`. */
  isRevoked(originJti: string): boolean {
    return this.#revokedOriginJtis.has(originJti);
  }

  /** Ends a session. Its access and ID tokens stay good until `exp` for whoever verifies them locally. */
  revoke(session: Session): void {
    this.#revokedOriginJtis.add(session.originJti);
  }

  /** Ends every session that a user has now. */
  revokeSessionsOf(user: User): void {
    for (const session of this.#sessions.values()) {
      if (session.user === user) this.revoke(session);
    }
  }
}

function createUser({ username, password, groups, email }: DemoUser): User {
  const passwordSalt = randomBytes(16);
  const passwordHash = scryptSync(password, passwordSalt, 32, scryptCost);
  return { username, sub: randomUUID(), groups, email, passwordSalt, passwordHash };
}

function createSession(user: User, clientId: string, authTime: number): Session {
  return {
    user,
    clientId,
    refreshToken: createRefreshToken(),
    originJti: randomUUID(),
    eventId: randomUUID(),
    authTime,
  };
}

/** Random bytes in the five-part shape of Cognito's encrypted refresh tokens: opaque to clients. */
function createRefreshToken(): string {
  const header = JSON.stringify({ cty: "JWT", enc: "A256GCM", alg: "RSA-OAEP" });
  return [Buffer.from(header), ...[256, 12, 800, 16].map((size) => randomBytes(size))]
    .map((part) => part.toString("base64url"))
    .join(".");
}
