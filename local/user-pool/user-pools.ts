import { CognitoError, notAuthorized } from "./cognito-error.ts";
import { readToken } from "./read-token.ts";
import type { UserPool } from "./user-pool.ts";

/** The members of a call's input that name a pool, or something that one pool alone has. */
export interface PoolReference {
  readonly UserPoolId?: unknown;
  readonly ClientId?: unknown;
  readonly AccessToken?: unknown;
}

/** The user pools that are served together, by their ids. */
export class UserPools implements Iterable<UserPool> {
  readonly #byId = new Map<string, UserPool>();

  constructor(pools: Iterable<UserPool> = []) {
    for (const pool of pools) this.add(pool);
  }

  [Symbol.iterator](): Iterator<UserPool> {
    return this.#byId.values();
  }

  add(pool: UserPool): void {
    this.#byId.set(pool.id, pool);
  }

  delete(userPoolId: string): void {
    this.#byId.delete(userPoolId);
  }

  find(userPoolId: string): UserPool | undefined {
    return this.#byId.get(userPoolId);
  }

  /** The pool, or the error that Cognito gives for one that does not exist. */
  require(userPoolId: string): UserPool {
    const pool = this.find(userPoolId);
    if (pool !== undefined) return pool;
    throw new CognitoError("ResourceNotFoundException", `User pool ${userPoolId} does not exist.`);
  }

  /**
   * The pool that a call is about, as Cognito finds it: by the pool's id, else by the app client's, else by the access
   * token's issuer. Throws the error that Cognito gives where there is none.
   */
  requireFor({ UserPoolId, ClientId, AccessToken }: PoolReference): UserPool {
    if (UserPoolId !== undefined) return this.require(String(UserPoolId));
    const pools = [...this];
    if (ClientId !== undefined) {
      const pool = pools.find((one) => one.findClient(String(ClientId)));
      if (pool !== undefined) return pool;
      throw new CognitoError("ResourceNotFoundException", `User pool client ${ClientId} does not exist.`);
    }
    const { claims } = readToken(String(AccessToken));
    const pool = pools.find(({ issuer }) => issuer === claims.iss);
    if (pool !== undefined) return pool;
    throw notAuthorized("Invalid Access Token");
  }
}
