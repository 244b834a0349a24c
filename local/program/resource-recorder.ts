import type * as pulumi from "@pulumi/pulumi";
import type { AwsAccount, Properties, RecordedResource } from "../graph/resource-graph.ts";
import { awsFunctions } from "../resources/aws-functions.ts";
import { packageFiles } from "../resources/package-files.ts";
import { createResource, defaultsOf } from "../resources/resource-types.ts";
import { checkResource } from "../resources/rules.ts";
import { withIds, withWireAssets } from "./resource-references.ts";
import { readStackReference, stackReferenceType } from "./stack-references.ts";

/** A resource as the program asks for it. */
export interface RequestedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
  /** URNs of all that must exist first. */
  readonly dependencies: readonly string[];
}

/** Changes a resource before AWS sees it, or drops it by returning undefined: the program with one mistake in it. */
export type Alter = (resource: RequestedResource) => RequestedResource | undefined;

/** What a resource monitor is asked, of which the mocks are told only a part. */
interface Registration {
  getType(): string;
  getName(): string;
  getParent(): string;
  getDependenciesList(): string[];
  getRetainondelete?(): boolean | undefined;
}

type Handler = (request: Registration, callback: unknown) => Promise<void>;

/** The mock monitor of Pulumi's runtime, as far as the recorder needs it. */
export interface MockMonitor {
  newUrn(parent: string, type: string, name: string): string;
  registerResource: Handler;
  readResource: Handler;
}

/** Answers a program as AWS would, and keeps what it declared. */
export class ResourceRecorder {
  readonly resources: RecordedResource[] = [];
  /** How often the program has asked for a resource, refused ones included. */
  requestCount = 0;
  /** Why the first request was refused that was. */
  refusal: unknown;
  readonly #account: AwsAccount;
  readonly #alter: Alter;
  readonly #stackOutputs: Readonly<Record<string, Properties>>;
  #registration:
    | Pick<RecordedResource, "urn" | "parent" | "dependencies" | "retainOnDelete" | "read">
    | undefined;

  /** @param stackOutputs of the stacks that the program may read, by `project/stack` */
  constructor(
    account: AwsAccount,
    alter: Alter = (resource) => resource,
    stackOutputs: Readonly<Record<string, Properties>> = {},
  ) {
    this.#account = account;
    this.#alter = alter;
    this.#stackOutputs = stackOutputs;
  }

  /** Notes each request before the monitor hands the rest of it to `create`. */
  observe(monitor: MockMonitor): void {
    for (const method of ["registerResource", "readResource"] as const) {
      const handle: Handler = monitor[method].bind(monitor);
      monitor[method] = (request, callback) => {
        this.requestCount++;
        const parent = request.getParent();
        this.#registration = {
          urn: monitor.newUrn(parent, request.getType(), request.getName()),
          parent: parent || undefined,
          dependencies: request.getDependenciesList(),
          retainOnDelete: request.getRetainondelete?.() ?? false,
          read: method === "readResource",
        };
        return handle(request, callback);
      };
    }
  }

  /** Creates or reads one resource. @throws what AWS would answer to a resource that it refuses */
  async create(args: pulumi.runtime.MockResourceArgs): Promise<{ id: string; state: Properties }> {
    try {
      return await this.#create(args);
    } catch (error) {
      this.refusal ??= error;
      throw error;
    }
  }

  /** Answers what the program asks of AWS. @throws {OperatorError} for what is not emulated */
  call(args: pulumi.runtime.MockCallArgs): object {
    try {
      return awsFunctions(args, this.#account);
    } catch (error) {
      this.refusal ??= error;
      throw error;
    }
  }

  async #create(args: pulumi.runtime.MockResourceArgs): Promise<{ id: string; state: Properties }> {
    const { type, name, id, custom = true } = args;
    const registration = this.#registration;
    if (!registration) throw new Error(`${type} "${name}" was not seen by the monitor`);
    const requested = {
      type,
      name,
      inputs: await withIds(args.inputs),
      dependencies: registration.dependencies,
    };
    const altered = this.#alter(requested);
    const { inputs, dependencies } = altered ?? requested;
    if (!custom) {
      if (altered)
        this.resources.push({
          ...registration,
          type,
          name,
          custom,
          id: "",
          inputs,
          outputs: inputs,
          dependencies,
        });
      return { id: "", state: inputs };
    }
    const plainInputs = packageFiles(await withWireAssets(inputs), process.cwd(), `${type} "${name}"`);
    const { urn, read } = registration;
    const created =
      type === stackReferenceType
        ? readStackReference(String(id), this.#stackOutputs)
        : createResource({ type, name, inputs: plainInputs, urn, id: read ? id : undefined }, this.#account);
    const outputs = { ...plainInputs, ...created.outputs };
    const resource = {
      ...registration,
      type,
      name,
      custom,
      id: created.id,
      inputs: plainInputs,
      outputs,
      dependencies,
    };
    if (altered) {
      checkResource(resource, { account: this.#account, resources: this.resources });
      this.resources.push(resource);
    }
    return { id: created.id, state: { ...defaultsOf(type, this.#account), ...inputs, ...created.outputs } };
  }
}
