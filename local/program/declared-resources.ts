import { isDeepStrictEqual } from "node:util";
import { topmostName, withMemberOf } from "../graph/property-path.ts";
import {
  type AwsAccount,
  identityOf,
  type Properties,
  type RecordedResource,
} from "../graph/resource-graph.ts";
import { nameOf } from "../graph/urn.ts";
import { packageFiles } from "../resources/package-files.ts";
import { isReplacing } from "../resources/replacement.ts";
import { createResource, defaultsOf } from "../resources/resource-types.ts";
import { checkResource } from "../resources/rules.ts";

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

  constructor(args: DeclaredResourcesArgs) {
    this.#args = args;
    this.#former = new Map((args.former ?? []).map((resource) => [resource.urn, resource]));
  }

  /** Compares a resource with the one of the last run. @throws {OperatorError} for a package that cannot be read */
  plan(declared: DeclaredResource): PlannedResource {
    const { urn, type, name, aliases, ignoreChanges, replaceOnChanges } = declared;
    const former = [urn, ...aliases].flatMap((known) => this.#former.get(known) ?? []).at(0);
    const where = `${type} "${name}"`;
    const given = packageFiles(declared.properties, this.#args.folder, where);
    const kept = former ? ignoreChanges : [];
    const inputs = withFormer(given, former?.inputs, kept);
    const properties = withFormer(declared.properties, former?.inputs, kept);
    if (!former) return { declared, properties, inputs, former, operation: "create" };
    const names = [...new Set([...Object.keys(inputs), ...Object.keys(former.inputs)])];
    const changed = names.filter((each) => !isDeepStrictEqual(inputs[each], former.inputs[each]));
    const replaces = changed.some(
      (each) =>
        isReplacing(type, each) || replaceOnChanges.some((path) => ["*", each].includes(topmostName(path))),
    );
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
    const firstUrn = former ? identityOf(former) : declared.urn;
    const created = custom
      ? createResource(
          { type, name: former ? nameOf(firstUrn) : name, urn: firstUrn, inputs, id },
          declared.account,
        )
      : { id: "", outputs: {} };
    const resource: RecordedResource = {
      urn: declared.urn,
      parent: declared.parent,
      dependencies: declared.dependencies,
      retainOnDelete: declared.retainOnDelete,
      read,
      type,
      name,
      custom,
      id: created.id,
      inputs,
      outputs: { ...inputs, ...created.outputs },
      ...(declared.protect && { protect: true }),
      ...(declared.account !== this.#args.account && { account: declared.account }),
      ...(declared.secretPaths.length > 0 && { secretPaths: declared.secretPaths }),
      ...(firstUrn !== declared.urn && { firstUrn }),
      ...(declared.deleteHooks && { deleteHooks: declared.deleteHooks }),
    };
    this.take(resource, declared.account);
    const defaults = custom ? defaultsOf(type, declared.account) : {};
    return { resource, state: { ...defaults, ...properties, ...created.outputs } };
  }

  /** Takes in a resource that AWS has answered already. @throws {RefusedResourceError} if AWS would refuse it */
  take(resource: RecordedResource, account: AwsAccount = this.#args.account): void {
    if (resource.custom) checkResource(resource, { account, resources: this.resources });
    this.resources.push(resource);
  }

  /** Sets the outputs that a component registers, once it has its parts. */
  setOutputs(urn: string, outputs: Properties): void {
    const i = this.resources.findIndex((resource) => resource.urn === urn);
    const resource = this.resources[i];
    if (resource) this.resources[i] = { ...resource, outputs: { ...resource.outputs, ...outputs } };
  }

  /** Resources of the last run that this one does not declare. Those that it only reads are left out. */
  get removed(): RecordedResource[] {
    const kept = new Set(this.resources.map(identityOf));
    return [...this.#former.values()].filter((resource) => !resource.read && !kept.has(identityOf(resource)));
  }
}

function withFormer(properties: Properties, former: Properties = {}, paths: readonly string[]): Properties {
  return paths.reduce<Properties>((kept, path) => withMemberOf(kept, former, path) as Properties, properties);
}
