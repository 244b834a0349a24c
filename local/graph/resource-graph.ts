/** A resource as the program declared it and as AWS would have answered. Plain data. */
export interface RecordedResource {
  readonly urn: string;
  /** Pulumi's type token, like `aws:lambda/function:Function`. */
  readonly type: string;
  readonly name: string;
  /** False for components, which exist only in the program. */
  readonly custom: boolean;
  /** True for a resource that the program reads and does not own. */
  readonly read: boolean;
  readonly id: string;
  readonly inputs: Properties;
  /** The inputs with what AWS adds to them. */
  readonly outputs: Properties;
  readonly parent: string | undefined;
  /** URNs of all that must exist before this resource. */
  readonly dependencies: readonly string[];
  readonly retainOnDelete: boolean;
  /** Set for a resource that Pulumi refuses to delete. */
  readonly protect?: true;
  /** Where the resource lives, if that is elsewhere than the graph's account and region. */
  readonly account?: AwsAccount;
  /** Paths of the inputs and names of the outputs that are secret, if there are some. */
  readonly secretPaths?: readonly string[];
  /** Paths of inputs of which a change makes the resource anew, if the program names some. */
  readonly replaceOnChanges?: readonly string[];
  /** The URN that it had when it was created, if it has another one now. */
  readonly firstUrn?: string;
  /** Names of the hooks that its deletion calls, if there are some. */
  readonly deleteHooks?: { readonly before: readonly string[]; readonly after: readonly string[] };
}

// biome-ignore lint/suspicious/noExplicitAny: properties are data of every shape, checked by the rules that read them
export type Properties = Readonly<Record<string, any>>;

/** Everything one run of a program declared. */
export interface ResourceGraph {
  readonly project: string;
  readonly stack: string;
  readonly account: AwsAccount;
  /** In the order in which they were created. */
  readonly resources: readonly RecordedResource[];
  readonly outputs: Properties;
  /** Names of the outputs that are secret, if there are some. */
  readonly secretOutputs?: readonly string[];
  /** What AWS accepts without a word, but does not serve or keep as meant. */
  readonly warnings: readonly string[];
  /**
   * What each Deployment of an API froze when it was created, by its id. Without, as for a program that is run as a
   * whole, a deployment has all that it depends on.
   */
  readonly snapshots?: ReadonlyMap<string, readonly RecordedResource[]>;
}

/** Where the resources live. */
export interface AwsAccount {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  /** Like amazonaws.com. */
  readonly dnsSuffix: string;
  /** The role that API Gateway logs through, if the account has one before the program runs. */
  readonly apiGatewayLogRoleArn?: string;
}

/** The deployment package of a function: path to content. Stands where the program gave an archive. */
export interface PackageFiles {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

/** What a resource is known by over all runs: its URN, or the one that it was created with. */
export function identityOf({ urn, firstUrn = urn }: RecordedResource): string {
  return firstUrn;
}

/** The project whose program declared the resource. */
export function projectOf({ urn }: Pick<RecordedResource, "urn">): string {
  return urn.split("::")[1] ?? "";
}

export function resourcesOfType(graph: Pick<ResourceGraph, "resources">, type: string): RecordedResource[] {
  return graph.resources.filter((resource) => resource.type === type);
}

/** URNs of all that a resource depends on, directly or through others. */
export function dependencyClosure(graph: Pick<ResourceGraph, "resources">, urn: string): ReadonlySet<string> {
  const byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
  const closure = new Set<string>();
  const pending = [urn];
  for (let next = pending.pop(); next !== undefined; next = pending.pop())
    for (const dependency of byUrn.get(next)?.dependencies ?? [])
      if (!closure.has(dependency)) {
        closure.add(dependency);
        pending.push(dependency);
      }
  return closure;
}
