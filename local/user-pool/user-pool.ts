import { partitionOf } from "../graph/partition.ts";
import {
  type AppClient,
  type AppClientArgs,
  type ClientSettings,
  defaultClientSettings,
  tokenLifetimes,
} from "./app-client.ts";
import { Challenges } from "./challenges.ts";
import { defaultPoolSettings, type PoolSettings } from "./pool-settings.ts";
import { type Session, Sessions } from "./sessions.ts";
import { signToken } from "./sign-token.ts";
import { generateSigningKeys, type PublicJwk, publicJwk, type SigningKeys } from "./signing-keys.ts";
import { accessTokenClaims, idTokenClaims } from "./token-claims.ts";
import { User, type UserArgs } from "./user.ts";

/** A user as given to the pool, with a password in clear: demo users only. The pool makes the groups that they name. */
export interface DemoUser {
  readonly username: string;
  readonly password: string;
  readonly groups: readonly string[];
  /** Taken as verified. */
  readonly email?: string;
}

export interface UserPoolArgs {
  /** E.g. "us-east-1_LocalPool"; the part before "_" is the region. */
  readonly userPoolId: string;
  readonly clients: readonly AppClientArgs[];
  readonly users: readonly DemoUser[];
  /** Default: Cognito's. */
  readonly settings?: PoolSettings;
  /** First part of the issuer's host name: "cognito-idp" (default), or "issuer-cognito-idp", the newer form. */
  readonly issuerHost?: string;
  /** The time in milliseconds; default `Date.now`. */
  readonly clock?: () => number;
  /** Default: made fresh, which takes 100 ms or more. */
  readonly signingKeys?: SigningKeys;
}

/** A group of users; times are seconds since the epoch. */
export interface Group {
  readonly name: string;
  readonly description?: string | undefined;
  readonly precedence?: number | undefined;
  readonly roleArn?: string | undefined;
  readonly createdAt: number;
}

/** Tokens in the shape in which the Cognito API answers with them; a refresh brings a new refresh token only if they rotate. */
export interface AuthenticationResult {
  readonly AccessToken: string;
  readonly ExpiresIn: number;
  readonly IdToken: string;
  readonly RefreshToken?: string;
  readonly TokenType: "Bearer";
}

/** The region, an underscore, letters and digits. */
export const userPoolIdPattern = /^([a-z0-9-]+)_[0-9a-zA-Z]+$/;

/** The flows of a client that the pool is given, rather than one that is created through the API. */
const givenClientFlows = [
  "ALLOW_ADMIN_USER_PASSWORD_AUTH",
  "ALLOW_REFRESH_TOKEN_AUTH",
  "ALLOW_USER_PASSWORD_AUTH",
];

/** An Amazon Cognito user pool in memory: users, app clients, sessions and signing keys, all gone when the run ends. */
export class UserPool {
  readonly id: string;
  readonly region: string;
  /** The real issuer of such a pool, e.g. "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_LocalPool". */
  readonly issuer: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly sessions = new Sessions();
  readonly challenges = new Challenges();
  settings: PoolSettings;
  readonly #clock: () => number;
  readonly #clients = new Map<string, AppClient>();
  readonly #users = new Map<string, User>();
  readonly #groups = new Map<string, Group>();
  #givenClientIds: readonly string[] = [];
  #signingKeys: SigningKeys;
  #formerSigningKeys: readonly SigningKeys[] = [];

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
    this.settings = args.settings ?? defaultPoolSettings;
    this.#clock = args.clock ?? Date.now;
    this.createdAt = this.nowSeconds();
    this.#signingKeys = args.signingKeys ?? generateSigningKeys();
    this.replaceClients(args.clients);
    for (const user of args.users) this.addDemoUser(user);
  }

  get clients(): readonly AppClient[] {
    return [...this.#clients.values()];
  }

  get users(): readonly User[] {
    return [...this.#users.values()];
  }

  get groups(): readonly Group[] {
    return [...this.#groups.values()];
  }

  /** The keys in use now, for whoever must sign a token of its own. */
  get signingKeys(): SigningKeys {
    return this.#signingKeys;
  }

  /** All keys that the JWKS lists: those in use first, then the former ones, the latest first. */
  get publishedKeys(): readonly SigningKeys[] {
    return [this.#signingKeys, ...this.#formerSigningKeys];
  }

  nowMs(): number {
    return this.#clock();
  }

  nowSeconds(): number {
    return Math.floor(this.#clock() / 1000);
  }

  /** The public keys as Cognito lists them: the ID token key first, then the access token key. */
  jwks(): { keys: PublicJwk[] } {
    return { keys: this.publishedKeys.flatMap(({ id, access }) => [publicJwk(id), publicJwk(access)]) };
  }

  /** From now on new keys sign. The former ones stay published, so their tokens stay good, until they are retired. */
  rotateSigningKeys(signingKeys: SigningKeys = generateSigningKeys()): void {
    this.#formerSigningKeys = this.publishedKeys;
    this.#signingKeys = signingKeys;
  }

  /** Publishes only the keys in use: whoever reads the JWKS afresh refuses the tokens of former ones. */
  retireFormerSigningKeys(): void {
    this.#formerSigningKeys = [];
  }

  findClient(clientId: string): AppClient | undefined {
    return this.#clients.get(clientId);
  }

  /** Adds a client, or gives the one with that id other settings. */
  putClient(client: {
    clientId: string;
    clientSecret?: string | undefined;
    settings: ClientSettings;
  }): AppClient {
    const modifiedAt = this.nowSeconds();
    const { createdAt = modifiedAt } = this.findClient(client.clientId) ?? {};
    const added = { ...client, createdAt, modifiedAt };
    this.#clients.set(client.clientId, added);
    return added;
  }

  /**
   * Takes these clients for those that the pool was given before. Keys, users and sessions stay, and so do clients that
   * were created through the API and the settings of a client that remains; one that is gone signs nobody in.
   */
  replaceClients(clients: readonly AppClientArgs[]): void {
    const clientIds = clients.map(({ clientId }) => clientId);
    for (const former of this.#givenClientIds) if (!clientIds.includes(former)) this.#clients.delete(former);
    for (const { clientId, clientSecret, settings } of clients) {
      const former = this.#clients.get(clientId);
      if (former) this.#clients.set(clientId, { ...former, clientSecret });
      else this.putClient({ clientId, clientSecret, settings: givenSettings(clientId, settings) });
    }
    this.#givenClientIds = clientIds;
  }

  deleteClient(clientId: string): void {
    this.#clients.delete(clientId);
  }

  /** The user of that name, or with that alias: an e-mail address, a phone number or a preferred name. */
  findUser(name: string): User | undefined {
    return this.#users.get(name) ?? this.users.find((user) => this.#isAlias(user, name));
  }

  addUser(args: Omit<UserArgs, "nowSeconds">): User {
    const user = new User({ ...args, nowSeconds: this.nowSeconds() });
    this.#users.set(user.username, user);
    return user;
  }

  deleteUser(user: User): void {
    this.sessions.revokeAllOf(user);
    this.#users.delete(user.username);
  }

  findGroup(name: string): Group | undefined {
    return this.#groups.get(name);
  }

  /** Adds a group, or gives the one of that name other properties. */
  putGroup(group: Omit<Group, "createdAt">): Group {
    const { createdAt = this.nowSeconds() } = this.findGroup(group.name) ?? {};
    const added = { ...group, createdAt };
    this.#groups.set(group.name, added);
    return added;
  }

  /** Its members stay, outside of it. */
  deleteGroup(name: string): void {
    this.#groups.delete(name);
    for (const user of this.#users.values()) user.groups.delete(name);
  }

  /** Signs a user in without asking for the password; throws for a user or client that the pool does not have. */
  issueTokens({ username, clientId }: { username: string; clientId: string }): AuthenticationResult {
    const user = this.findUser(username);
    if (user === undefined) throw new Error(`user pool ${this.id} has no user ${username}`);
    const client = this.findClient(clientId);
    if (client === undefined) throw new Error(`user pool ${this.id} has no client ${clientId}`);
    const authTime = this.nowSeconds();
    const refreshExpiresAt = authTime + tokenLifetimes(client.settings).refresh;
    const { session, refreshToken } = this.sessions.start({ user, clientId, authTime, refreshExpiresAt });
    return { ...this.refreshTokens(session, client), RefreshToken: refreshToken };
  }

  /** New access and ID tokens of a session, which keep its `auth_time`, `origin_jti` and `event_id`. */
  refreshTokens(session: Session, { settings }: AppClient): AuthenticationResult {
    const lifetimes = tokenLifetimes(settings);
    const common = {
      session,
      issuer: this.issuer,
      issuedAt: this.nowSeconds(),
      isRevocable: settings.EnableTokenRevocation,
    };
    const access = accessTokenClaims({ ...common, lifetimeSeconds: lifetimes.access });
    const id = idTokenClaims({ ...common, lifetimeSeconds: lifetimes.id });
    return {
      AccessToken: signToken(access, this.#signingKeys.access),
      ExpiresIn: lifetimes.access,
      IdToken: signToken(id, this.#signingKeys.id),
      TokenType: "Bearer",
    };
  }

  /** An alias counts once it is verified; what users are named by counts at once. */
  #isAlias({ attributes }: User, name: string): boolean {
    const { usernameAttributes, aliasAttributes } = this.settings;
    const isVerified = (attribute: string) =>
      attribute === "preferred_username" || attributes.get(`${attribute}_verified`) === "true";
    return (
      usernameAttributes.some((attribute) => attributes.get(attribute) === name) ||
      aliasAttributes.some((attribute) => attributes.get(attribute) === name && isVerified(attribute))
    );
  }

  /** Adds a user with a permanent password, and the groups that the user names. */
  addDemoUser({ username, password, groups, email }: DemoUser): User {
    const attributes = new Map(
      email === undefined
        ? []
        : [
            ["email", email],
            ["email_verified", "true"],
          ],
    );
    const user = this.addUser({ username, password, status: "CONFIRMED", attributes });
    for (const name of groups) {
      if (this.findGroup(name) === undefined) this.putGroup({ name });
      user.groups.add(name);
    }
    return user;
  }
}

function givenSettings(clientId: string, settings?: Partial<ClientSettings>): ClientSettings {
  return {
    ...defaultClientSettings,
    ClientName: clientId,
    ExplicitAuthFlows: givenClientFlows,
    ...settings,
  };
}
