import * as pulumi from "@pulumi/pulumi";
import type {
  AwsAccount,
  Properties,
  RecordedResource,
  ResourceGraph,
} from "../../local/graph/resource-graph.ts";
import { urnOf } from "../../local/graph/urn.ts";
import { DeclaredResources } from "../../local/program/declared-resources.ts";
import { stackReferenceType, stackState, stackStateToken } from "../../local/program/stack-references.ts";
import { awsFunctions } from "../../local/resources/aws-functions.ts";
import { createResource } from "../../local/resources/resource-types.ts";
import type { Alter } from "../altered-graph.ts";
import { withIds, withWireAssets } from "./wire-values.ts";

/** What a resource monitor is asked, of which the mocks are told only a part. */
interface Registration {
  getType(): string;
  getName(): string;
  getParent(): string;
  getDependenciesList(): string[];
  getRetainondelete?(): boolean | undefined;
  getDeletebeforereplace?(): boolean;
  getDeletebeforereplacedefined?(): boolean;
}

type Handler = (request: Registration, callback: unknown) => Promise<void>;

/** The mock monitor of Pulumi's runtime, as far as the recorder needs it. */
export interface MockMonitor {
  newUrn(parent: string, type: string, name: string): string;
  registerResource: Handler;
  readResource: Handler;
}

export interface RecorderArgs {
  readonly project: string;
  readonly stack: string;
  readonly account: AwsAccount;
  /** Where relative paths start. */
  readonly folder: string;
  /** Changes a resource before AWS sees it, or drops it by returning undefined. */
  readonly alter?: Alter;
  /** What the own stack was when it was deployed last. */
  readonly former?: Pick<ResourceGraph, "resources">;
  /** Outputs of the stacks that the program may read, by `project/stack`. */
  readonly stackOutputs?: Readonly<Record<string, Properties>>;
}

/** Answers a program under Pulumi's mocks as AWS would, and keeps what it declared. */
export class ResourceRecorder {
  /** How often the program has asked for a resource, refused ones included. */
  requestCount = 0;
  /** Why the first request was refused that was. */
  refusal: unknown;
  readonly #args: RecorderArgs;
  /** The option deleteBeforeReplace of each resource that has it, by URN. */
  readonly deletesFirst = new Map<string, boolean>();
  readonly #declared: DeclaredResources;
  /** By the URN that the mocks give, which leaves out the types of parents. */
  readonly #urns = new Map<string, string>();
  #registration:
    | Pick<RecordedResource, "urn" | "parent" | "dependencies" | "retainOnDelete" | "read">
    | undefined;

  constructor(args: RecorderArgs) {
    this.#args = args;
    const { account, folder } = args;
    this.#declared = new DeclaredResources({ account, folder });
  }

  get resources(): readonly RecordedResource[] {
    return this.#declared.resources;
  }

  /** Notes each request before the monitor hands the rest of it to `create`. */
  observe(monitor: MockMonitor): void {
    for (const method of ["registerResource", "readResource"] as const) {
      const handle: Handler = monitor[method].bind(monitor);
      monitor[method] = (request, callback) => {
        this.requestCount++;
        const parent = this.#urns.get(request.getParent());
        const type = request.getType();
        const name = request.getName();
        const urn = urnOf({ ...this.#args, parent, type, name });
        this.#urns.set(monitor.newUrn(request.getParent(), type, name), urn);
        if (request.getDeletebeforereplacedefined?.())
          this.deletesFirst.set(urn, request.getDeletebeforereplace?.() ?? false);
        this.#registration = {
          urn,
          parent,
          dependencies: request.getDependenciesList().map((each) => this.#urns.get(each) ?? each),
          retainOnDelete: request.getRetainondelete?.() ?? false,
          read: method === "readResource",
        };
        return handle(request, callback);
      };
    }
  }

  /** Creates or reads one resource. @throws what AWS would answer to a resource that it refuses */
  create(args: pulumi.runtime.MockResourceArgs): Promise<{ id: string; state: Properties }> {
    return this.#noting(() => this.#create(args));
  }

  /** Answers what the program asks of AWS. @throws {OperatorError} for what is not emulated */
  call({ token, inputs }: pulumi.runtime.MockCallArgs): Promise<Properties> {
    return this.#noting(async () =>
      token === stackStateToken
        ? stackState(this.#args.former)
        : awsFunctions({ token, args: inputs }, this.#args.account),
    );
  }

  async #create(args: pulumi.runtime.MockResourceArgs): Promise<{ id: string; state: Properties }> {
    const { type, name, id, custom = true } = args;
    const registration = this.#registration;
    if (!registration) throw new Error(`${type} "${name}" was not seen by the monitor`);
    const inputs = await withIds(args.inputs);
    const requested = { type, name, inputs, dependencies: registration.dependencies };
    const { alter = (resource) => resource } = this.#args;
    const altered = alter(requested);
    const answered = altered ?? requested;
    const declared = {
      ...registration,
      type,
      name,
      custom,
      id: registration.read ? id : undefined,
      properties: await withWireAssets(answered.inputs),
      dependencies: answered.dependencies,
      account: this.#args.account,
      secretPaths: [],
      aliases: [],
      ignoreChanges: [],
      replaceOnChanges: [],
      protect: false,
    };
    const plan = this.#declared.plan(declared);
    if (type === stackReferenceType) {
      this.#declared.add(plan);
      return this.#stackReference(String(id));
    }
    if (!altered) {
      // What is dropped is answered all the same.
      const { inputs } = plan;
      const { id: dropped, outputs } = custom
        ? createResource({ ...declared, inputs }, this.#args.account)
        : { id: "", outputs: {} };
      return { id: dropped, state: { ...requested.inputs, ...outputs } };
    }
    const { resource, state } = this.#declared.add(plan);
    return { id: resource.id, state: { ...state, ...packagesOf(answered.inputs) } };
  }

  #stackReference(name: string): { id: string; state: Properties } {
    const outputs = this.#args.stackOutputs?.[name.split("/").slice(1).join("/")] ?? {};
    return { id: name, state: { name, outputs, secretOutputNames: [] } };
  }

  async #noting<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      this.refusal ??= error;
      // Pulumi reports a failed call with what gRPC names its details.
      throw Object.assign(error as Error, { details: (error as Error).message });
    }
  }
}

/** Assets and archives as the program gave them. */
function packagesOf(inputs: Properties): Properties {
  const isPackage = (value: unknown) =>
    pulumi.asset.Asset.isInstance(value) || pulumi.asset.Archive.isInstance(value);
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => isPackage(value)));
}
