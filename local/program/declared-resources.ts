import { isDeepStrictEqual } from "node:util";
import { differsAt, withFormerAt } from "../graph/property-path.ts";
import {
  type AwsAccount,
  identityOf,
  type Properties,
  type RecordedResource,
} from "../graph/resource-graph.ts";
import { nameOf } from "../graph/urn.ts";
import { OperatorError } from "../operator-error.ts";
import { packageFiles } from "../resources/package-files.ts";
import { isReplacing } from "../resources/replacement.ts";
import { createResource, defaultsOf, resourceTypeOf } from "../resources/resource-types.ts";
import { checkResource, conflictOf } from "../resources/rules.ts";

/** A resource that a program asks for, with what it says of it. */
export interface DeclaredResource
  extends Pick<RecordedResource, "urn" | "type" | "name" | "custom" | "read" | "parent" | "dependencies"> {
  /** Of a resource that is read, or taken over as it is. */
  readonly id: string | undefined;
  /** Archives as Pulumi's protocol writes them, or as their files. */
  readonly properties: Properties;
  readonly account: AwsAccount;
  readonly secretPaths: readonly string[];
  /** URNs that it may have had before. */
  readonly aliases: readonly string[];
  /** Paths that keep the values that they had. */
  readonly ignoreChanges: readonly string[];
  /** Paths of which a change makes the resource anew. */
  readonly replaceOnChanges: readonly string[];
  readonly retainOnDelete: boolean;
  readonly protect: boolean;
  readonly deleteHooks?: RecordedResource["deleteHooks"];
}

/** A declared resource beside the one that it changes. */
export interface PlannedResource {
  readonly declared: DeclaredResource;
  /** As the program is answered: archives as Pulumi's protocol writes them. */
  readonly properties: Properties;
  readonly inputs: Properties;
  readonly former: RecordedResource | undefined;
  readonly operation: "create" | "update" | "replace" | "same";
}

export interface DeclaredResourcesArgs {
  /** Where relative paths start. */
  readonly folder: string;
  /** The account that has no resource but these, unless they name another. */
  readonly account: AwsAccount;
  /** What the program declared when it ran last. */
  readonly former?: readonly RecordedResource[];
}

/** What a program declares, as AWS answers it, one resource after the other. */
export class DeclaredResources {
  readonly resources: RecordedResource[] = [];
  readonly #args: DeclaredResourcesArgs;
  readonly #former: ReadonlyMap<string, RecordedResource>;
  /** First URNs of the resources that were renamed: nothing else may be known by one. */
  readonly #renamed: ReadonlySet<string>;
  /** URNs of the last run, and those of the resources that take their places. */
  readonly #successors = new Map<string, string>();
  /** Where a resource is in the list, by its URN. */
  readonly #places = new Map<string, number>();

  constructor(args: DeclaredResourcesArgs) {
    this.#args = args;
    const former = args.former ?? [];
    this.#former = new Map(former.map((resource) => [resource.urn, resource]));
    this.#renamed = new Set(former.flatMap(({ firstUrn }) => firstUrn ?? []));
  }

  /** The resource that the program has declared with this URN. */
  find(urn: string): RecordedResource | undefined {
    return this.resources[this.#places.get(urn) ?? -1];
  }

  /**
   * Compares a resource with the one of the last run.
   * @throws {OperatorError} for a package that cannot be read, or a resource of the last run that has a successor already
   */
  plan(declared: DeclaredResource): PlannedResource {
    const { type, name, ignoreChanges, replaceOnChanges } = declared;
    const former = this.#formerOf(declared);
    const where = `${type} "${name}"`;
    const given = packageFiles(declared.properties, this.#args.folder, where);
    const kept = former ? ignoreChanges : [];
    const inputs = withFormer(given, former?.inputs, kept);
    const properties = withFormer(declared.properties, former?.inputs, kept);
    if (!former) return { declared, properties, inputs, former, operation: "create" };
    const names = [...new Set([...Object.keys(inputs), ...Object.keys(former.inputs)])];
    const changed = names.filter((each) => !isDeepStrictEqual(inputs[each], former.inputs[each]));
    const replaces =
      changed.some((each) => isReplacing(type, each)) ||
      replaceOnChanges.some((path) => differsAt(path, inputs, former.inputs));
    const operation = changed.length === 0 ? "same" : replaces ? "replace" : "update";
    return { declared, properties, inputs, former, operation };
  }

  /**
   * Takes a planned resource in.
   * @returns the resource, and what the program is told of it
   * @throws {RefusedResourceError} if AWS would refuse it; {OperatorError} for a type that is not emulated
   */
  add(planned: PlannedResource): { readonly resource: RecordedResource; readonly state: Properties } {
    const { declared, properties, inputs, former } = planned;
    const { type, name, custom, read, id } = declared;
    const firstUrn = former ? identityOf(former) : this.#newIdentity(declared.urn);
    const { id: createdId, outputs } = custom
      ? createResource(
          { type, name: former ? nameOf(firstUrn) : name, urn: firstUrn, inputs, id },
          declared.account,
        )
      : { id: "", outputs: {} };
    const added = { ...outputs, ...(resourceTypeOf(type)?.takesTags && { tagsAll: inputs.tags ?? {} }) };
    const resource: RecordedResource = {
      urn: declared.urn,
      parent: declared.parent,
      dependencies: declared.dependencies,
      retainOnDelete: declared.retainOnDelete,
      read,
      type,
      name,
      custom,
      id: createdId,
      inputs,
      outputs: { ...inputs, ...added },
      ...(declared.protect && { protect: true }),
      ...(!isDeepStrictEqual(declared.account, this.#args.account) && { account: declared.account }),
      ...(declared.secretPaths.length > 0 && { secretPaths: declared.secretPaths }),
      ...(declared.replaceOnChanges.length > 0 && { replaceOnChanges: declared.replaceOnChanges }),
      ...(firstUrn !== declared.urn && { firstUrn }),
      ...(declared.deleteHooks && { deleteHooks: declared.deleteHooks }),
    };
    this.take(resource, declared.account);
    const defaults = custom ? defaultsOf(type, declared.account) : {};
    return { resource, state: { ...defaults, ...properties, ...added } };
  }

  /** Takes in a resource that AWS has answered already. @throws {RefusedResourceError} if AWS would refuse it */
  take(resource: RecordedResource, account: AwsAccount = this.#args.account): void {
    if (resource.custom) {
      checkResource(resource, { account, resources: this.resources });
      this.#requireFreeName(resource, account);
    }
    this.#places.set(resource.urn, this.resources.length);
    this.resources.push(resource);
  }

  /** @throws {OperatorError} with AWS's answer to a second resource of a name */
  #requireFreeName(resource: RecordedResource, { accountId, region }: AwsAccount): void {
    const { type, name, read } = resource;
    const known = resourceTypeOf(type);
    if (read || !known?.taken) return;
    const near = this.resources.filter(({ read: isRead, account = this.#args.account }) => {
      return !isRead && account.accountId === accountId && (known.isGlobal || account.region === region);
    });
    const answer = conflictOf(resource, near);
    if (answer !== undefined) throw new OperatorError(`${type} "${name}": ${answer}`);
  }

  /** Sets the outputs that a component registers, once it has its parts. */
  setOutputs(urn: string, outputs: Properties): void {
    const resource = this.find(urn);
    if (resource)
      this.resources[this.#places.get(urn) ?? -1] = {
        ...resource,
        outputs: { ...resource.outputs, ...outputs },
      };
  }

  /** Resources of the last run that this one does not declare. Those that it only reads are left out. */
  get removed(): RecordedResource[] {
    const kept = new Set(this.resources.map(identityOf));
    return [...this.#former.values()].filter((resource) => !resource.read && !kept.has(identityOf(resource)));
  }

  #formerOf({ urn, type, name, aliases }: DeclaredResource): RecordedResource | undefined {
    const known = [urn, ...aliases].find((each) => this.#former.has(each));
    if (known === undefined) return undefined;
    const successor = this.#successors.get(known);
    if (successor !== undefined)
      throw new OperatorError(
        `${type} "${name}" and "${nameOf(successor)}" are both the resource that was ${known}: only one of them may have that alias`,
      );
    this.#successors.set(known, urn);
    return this.#former.get(known);
  }

  /** What a new resource is known by: its URN, unless a resource that was renamed is known by it. */
  #newIdentity(urn: string): string {
    let identity = urn;
    while (this.#renamed.has(identity)) identity = identity.replace("::", "'::");
    return identity;
  }
}

function withFormer(properties: Properties, former: Properties = {}, paths: readonly string[]): Properties {
  return paths.reduce<Properties>((kept, path) => withFormerAt(path, kept, former) as Properties, properties);
}
