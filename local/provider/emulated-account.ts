import { apiParts } from "../graph/api-snapshot.ts";
import type { AwsAccount, Properties, RecordedResource, ResourceGraph } from "../graph/resource-graph.ts";
import { resourceTypeOf } from "../resources/resource-types.ts";
import type { Surroundings } from "../resources/rule.ts";

/** A resource that exists. */
export interface HeldResource {
  readonly resource: RecordedResource;
  /** The account and region that it lives in. */
  readonly account: AwsAccount;
  /** The text that its id and what AWS chooses for it are made from. */
  readonly seed: string;
}

/** What tells one resource from another. */
export type Identity = Pick<RecordedResource, "type" | "id" | "inputs">;

/** Types whose ids are names inside something else, with the property that says inside of what. */
const scopes: Readonly<Record<string, string>> = {
  "aws:apigatewayv2/stage:Stage": "apiId",
  "aws:lambda/permission:Permission": "function",
};

const deploymentType = "aws:apigatewayv2/deployment:Deployment";
const logSettingsType = "aws:apigateway/account:Account";

/** All that exists in the emulated AWS, whichever stack has created it. */
export class EmulatedAccount {
  /** Where resources live unless they say otherwise. */
  readonly home: AwsAccount;
  readonly #project: Pick<ResourceGraph, "project" | "stack">;
  readonly #held = new Map<string, HeldResource>();
  readonly #snapshots = new Map<string, readonly RecordedResource[]>();
  /** Accounts and regions whose log role was taken away. */
  readonly #withoutLogRole = new Set<string>();

  /** @param project what the page calls all of it */
  constructor(home: AwsAccount, { project, stack }: Pick<ResourceGraph, "project" | "stack">) {
    this.home = home;
    this.#project = { project, stack };
  }

  /** An account in a region, with the role that API Gateway logs through there now. */
  asItIs(account: AwsAccount): AwsAccount {
    if (!this.#withoutLogRole.has(placeOf(account))) return account;
    const { apiGatewayLogRoleArn, ...others } = account;
    return others;
  }

  find(identity: Identity, account: AwsAccount): HeldResource | undefined {
    return this.#held.get(keyOf(identity, account));
  }

  /** Adds the resource, or puts it in the place of the one of its identity. A Deployment freezes its API. */
  put(held: HeldResource): void {
    const { resource, account } = held;
    const key = keyOf(resource, account);
    if (resource.type === deploymentType && !this.#held.has(key))
      this.#snapshots.set(resource.id, apiParts(this.graph(), resource.inputs.apiId));
    this.#held.set(key, held);
  }

  /** Removes the resource, and what AWS deletes with it. */
  remove({ resource, account }: HeldResource): void {
    this.#held.delete(keyOf(resource, account));
    if (resource.type === deploymentType) this.#snapshots.delete(resource.id);
    if (resource.type === logSettingsType) this.#withoutLogRole.add(`${account.accountId} ${account.region}`);
    for (const other of [...this.#held.values()])
      if (
        resourceTypeOf(resource.type)?.deletes?.(resource, other.resource) &&
        this.#held.has(keyOf(other.resource, other.account))
      )
        this.remove(other);
  }

  /** What a resource meets in its account and region. @param except itself */
  surroundings(account: AwsAccount, except?: HeldResource): Surroundings {
    const isNear = (other: HeldResource) =>
      other !== except &&
      other.account.accountId === account.accountId &&
      (other.account.region === account.region || resourceTypeOf(other.resource.type)?.isGlobal === true);
    return { account, resources: [...this.#held.values()].filter(isNear).map(({ resource }) => resource) };
  }

  /** All of it as a graph to serve. */
  graph(): ResourceGraph {
    return {
      ...this.#project,
      account: this.home,
      resources: [...this.#held.values()].map(({ resource }) => resource),
      outputs: {},
      warnings: [],
      snapshots: this.#snapshots,
    };
  }

  /** Whether a resource of this URN exists, as the one that a replacement replaces does. */
  hasUrn(urn: string): boolean {
    return [...this.#held.values()].some(({ resource }) => resource.urn === urn);
  }
}

function placeOf({ accountId, region }: AwsAccount): string {
  return `${accountId} ${region}`;
}

function keyOf({ type, id, inputs }: Identity, { accountId, region }: AwsAccount): string {
  const place = resourceTypeOf(type)?.isGlobal ? "" : region;
  return JSON.stringify([type, accountId, place, scopeOf(type, inputs), id]);
}

function scopeOf(type: string, inputs: Properties): string {
  const property = scopes[type];
  return property === undefined ? "" : String(inputs[property] ?? "");
}
