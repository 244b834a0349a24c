import { isDeepStrictEqual } from "node:util";
import type { RecordedResource } from "../graph/resource-graph.ts";
import { isReplacing } from "../resources/replacement.ts";
import { UserPool } from "../user-pool/user-pool.ts";
import { UserPools } from "../user-pool/user-pools.ts";
import { client } from "./client.ts";
import { DemoPeople } from "./demo-people.ts";
import { group } from "./group.ts";
import { membership } from "./membership.ts";
import { pool } from "./pool.ts";
import type { PoolPart, PresentState } from "./pool-part.ts";
import { user } from "./user.ts";

/** In the order in which they are made. */
const parts: readonly PoolPart[] = [pool, client, group, user, membership];

/** Types that belong to a pool and have no effect on it, with what is missing. */
const inert: Readonly<Record<string, string>> = {
  "aws:cognito/resourceServer:ResourceServer": "no token has its scopes: OAuth flows are not emulated",
  "aws:cognito/userPoolDomain:UserPoolDomain": "nothing answers there: hosted pages are not emulated",
};

type Resources = ReadonlyMap<string, RecordedResource>;

/** The user pools that are served: the one that the stack is configured with, and those that programs declare. */
export class DeclaredPools {
  readonly pools: UserPools;
  readonly #configured: UserPool | undefined;
  readonly #demoPeople = new DemoPeople();
  /** Ids of pools that a running program has declared, and that are not deployed yet. */
  readonly #early = new Set<string>();
  /** What is not served as declared, by resource. */
  readonly #reasons = new Map<string, string>();
  #deployed: Resources = new Map();

  constructor(configured: UserPool | undefined) {
    this.#configured = configured;
    this.pools = new UserPools(configured ? [configured] : []);
  }

  /** The pools that programs declare. */
  get declared(): readonly UserPool[] {
    return [...this.pools].filter((served) => served !== this.#configured);
  }

  /** What is not served as declared. */
  get warnings(): readonly string[] {
    return [...this.#reasons.values()];
  }

  /** Serves the keys of a pool as soon as a running program has declared it: the program may ask for them. */
  declare = ({ type, id, read }: RecordedResource): void => {
    if (type !== pool.type || read || this.pools.find(id)) return;
    this.#early.add(id);
    this.pools.add(emptyPool(id));
  };

  /** Forgets the pools that a run has declared, which failed. */
  forgetDeclared(): void {
    for (const id of this.#early) this.pools.delete(id);
    this.#early.clear();
  }

  /** Serves what a graph declares in place of the former one. What the API has changed and the graph has not, stays. */
  deploy({ resources }: { readonly resources: readonly RecordedResource[] }): void {
    const next = byKey(resources);
    const anew = poolsMadeAnew(this.#deployed, next);
    const isKept = (resource: RecordedResource) => !anew.has(poolIdOf(resource));
    const former: Resources = new Map([...this.#deployed].filter(([, resource]) => isKept(resource)));
    for (const part of parts.toReversed())
      for (const [key, resource] of this.#deployed)
        if (resource.type === part.type && !(next.has(key) && former.has(key)))
          this.#remove(part, key, resource);
    for (const part of parts)
      for (const [key, resource] of next)
        if (resource.type === part.type && !isSame(former.get(key), resource))
          this.#put(part, key, resource, former.get(key));
    for (const key of this.#deployed.keys()) if (!next.has(key)) this.#reasons.delete(key);
    for (const [key, resource] of next) {
      const reason = inert[resource.type];
      if (reason !== undefined) this.#reasons.set(key, describe(resource, reason));
    }
    this.#deployed = next;
    this.forgetDeclared();
  }

  /** What a pool has now of a resource: "gone" if it is not there, undefined if that is not known here. */
  read(resource: RecordedResource): PresentState | "gone" | undefined {
    const part = parts.find(({ type }) => type === resource.type);
    if (!part) return undefined;
    const served = this.pools.find(poolIdOf(resource));
    if (!served) return resource.type === pool.type || this.#has(poolIdOf(resource)) ? "gone" : undefined;
    if (part === user && this.#demoPeople.has(served.findUser(resource.inputs.username))) return "gone";
    return part.read(served, resource) ?? "gone";
  }

  #put(part: PoolPart, key: string, resource: RecordedResource, former: RecordedResource | undefined): void {
    this.#reasons.delete(key);
    const reason = this.#reasonNotTo(() => {
      const id = poolIdOf(resource);
      if (part === pool) this.#serve(id);
      const served = this.pools.find(id);
      if (!served)
        return `the user pool ${id} is not served here: declare it, or set userPoolId to it, so that users can sign in`;
      if (part === user) this.#demoPeople.remove(served);
      const isNew = part === group && !served.findGroup(resource.outputs.name);
      const result = part.put(served, resource, former);
      if (isNew) this.#demoPeople.join(served, resource.outputs.name);
      return result;
    });
    if (reason !== undefined) this.#reasons.set(key, describe(resource, reason));
  }

  #remove(part: PoolPart, key: string, resource: RecordedResource): void {
    this.#reasons.delete(key);
    const served = this.pools.find(poolIdOf(resource));
    if (!served) return;
    part.remove(served, resource);
    if (served === this.#configured) return;
    if (part === pool) this.pools.delete(served.id);
    if (part === user && served.users.length === 0) this.#demoPeople.add(served);
  }

  #serve(id: string): void {
    const served = this.pools.find(id);
    if (served && !this.#early.delete(id)) return;
    const added = served ?? emptyPool(id);
    this.pools.add(added);
    this.#demoPeople.add(added);
  }

  /** A part that a pool refuses is not served; the rest is. */
  #reasonNotTo(act: () => string | undefined): string | undefined {
    try {
      return act();
    } catch (error) {
      return (error as Error).message;
    }
  }

  #has(userPoolId: string): boolean {
    return this.#deployed.has(`${pool.type} ${userPoolId}`);
  }
}

function emptyPool(userPoolId: string): UserPool {
  return new UserPool({ userPoolId, clients: [], users: [] });
}

/** What belongs to pools and is not only read, by type and id. */
function byKey(resources: readonly RecordedResource[]): Resources {
  const owned = resources.filter(
    ({ custom, read, type }) => custom && !read && type.startsWith("aws:cognito/"),
  );
  return new Map(owned.map((resource) => [`${resource.type} ${resource.id}`, resource]));
}

function poolIdOf({ type, id, inputs }: RecordedResource): string {
  return type === pool.type ? id : String(inputs.userPoolId);
}

/** Pools that AWS makes anew, with all that belongs to them, though they have the same id here. */
function poolsMadeAnew(former: Resources, next: Resources): ReadonlySet<string> {
  const changed = [...next].filter(([key, { type, inputs }]) => {
    const before = former.get(key)?.inputs;
    return (
      type === pool.type &&
      before !== undefined &&
      Object.keys({ ...before, ...inputs }).some(
        (property) => isReplacing(type, property) && !isDeepStrictEqual(before[property], inputs[property]),
      )
    );
  });
  return new Set(changed.map(([, { id }]) => id));
}

function isSame(former: RecordedResource | undefined, next: RecordedResource): boolean {
  return (
    former !== undefined &&
    isDeepStrictEqual(former.inputs, next.inputs) &&
    isDeepStrictEqual(former.outputs, next.outputs)
  );
}

function describe({ type, name }: RecordedResource, reason: string): string {
  return `${type} "${name}": ${reason}`;
}
