import type { Properties, RecordedResource } from "../graph/resource-graph.ts";
import type { UserPool } from "../user-pool/user-pool.ts";

/** What a pool has now of a resource. */
export interface PresentState {
  /** The inputs that would declare it. */
  readonly inputs: Properties;
  /** Outputs that differ from the resource's own. */
  readonly outputs?: Properties;
}

/** A type of resource that is a part of a user pool, in the calls that the provider makes. */
export interface PoolPart {
  /** Pulumi's type token. */
  readonly type: string;
  /**
   * Makes the part, or changes what differs from the former resource: all else stays as it was set through the API.
   * @returns what the pool cannot do of it
   */
  readonly put: (
    pool: UserPool,
    resource: RecordedResource,
    former: RecordedResource | undefined,
  ) => string | undefined;
  readonly remove: (pool: UserPool, resource: RecordedResource) => void;
  /** Undefined for a part that is gone. */
  readonly read: (pool: UserPool, resource: RecordedResource) => PresentState | undefined;
}

/** The inputs with some replaced; undefined takes one out. */
export function withInputs(inputs: Properties, present: Properties): Properties {
  return Object.fromEntries(
    Object.entries({ ...inputs, ...present }).filter(([, value]) => value !== undefined),
  );
}
