import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import { DeclaredPools } from "../../local/declared-pools/declared-pools.ts";
import type { AwsAccount, Properties } from "../../local/graph/resource-graph.ts";
import { readProperties, writeProperties } from "../../local/protocol/property-values.ts";
import { EmulatedAccount } from "../../local/provider/emulated-account.ts";
import { providerHandlers } from "../../local/provider/provider.ts";

export const home: AwsAccount = {
  accountId: "123456789012",
  region: "us-east-1",
  partition: "aws",
  dnsSuffix: "amazonaws.com",
  apiGatewayLogRoleArn: "arn:aws:iam::123456789012:role/api-gateway-logs",
};

/** A resource as the engine keeps it in a stack's state. */
export interface StoredResource {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  /** As the provider has completed them. */
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export interface CheckOptions {
  /** Inputs of the resource that exists. */
  readonly olds?: Properties;
  readonly secretPaths?: readonly string[];
  readonly seed?: string;
  readonly autonaming?: { readonly mode: "propose" | "enforce" | "disable"; readonly name?: string };
}

const modes = { propose: 0, enforce: 1, disable: 2 } as const;

/** Local mode's provider as an engine calls it, without gRPC. Types are short, like `iam/role:Role`. */
export class TestProvider {
  readonly account = new EmulatedAccount(home, { project: "project", stack: "test" });
  /** The user pools that are in the account. */
  readonly pools: DeclaredPools;
  /** What was told of each change, like `update lambda/function:Function f timeout`. */
  readonly changes: string[] = [];
  readonly warnings: string[] = [];
  readonly folder: string;
  readonly #handlers: ReturnType<typeof providerHandlers>;
  /** The address that calls come from. */
  readonly #caller: string;

  /** @param other a provider of the same account, which another configuration makes another one */
  constructor({ folder = ".", other, configuration }: TestProviderArgs = {}) {
    this.folder = folder;
    this.#caller = configuration ? JSON.stringify(configuration) : "default";
    this.account = other?.account ?? this.account;
    this.pools = other?.pools ?? new DeclaredPools(undefined);
    this.#handlers =
      other?.handlers ??
      providerHandlers({
        account: this.account,
        serve: async () => this.pools.deploy(this.account.graph()),
        readService: (resource) => this.pools.read(resource),
        folderOf: () => folder,
        onChange: ({ operation, resource, properties }) =>
          this.changes.push([operation, resource.type.slice(4), resource.name, ...properties].join(" ")),
        onWarning: (text) => this.warnings.push(text),
      });
    if (configuration)
      this.#handlers.configure(
        new providerMessages.ConfigureRequest().setArgs(writeProperties(configuration)),
        this.#caller,
      );
  }

  get handlers() {
    return this.#handlers;
  }

  check(type: string, name: string, inputs: Properties, options: CheckOptions = {}) {
    const request = this.#request(new providerMessages.CheckRequest(), type, name)
      .setNews(writeProperties(inputs, options.secretPaths))
      .setOlds(writeProperties(options.olds ?? {}))
      .setRandomseed(Buffer.from(options.seed ?? `${type} ${name}`));
    if (options.autonaming)
      request.setAutonaming(
        new providerMessages.CheckRequest.AutonamingOptions()
          .setMode(modes[options.autonaming.mode])
          .setProposedName(options.autonaming.name ?? ""),
      );
    const response = this.#handlers.check(request, this.#caller);
    const { properties, secretPaths } = readProperties(response.getInputs());
    return {
      inputs: properties,
      secretPaths,
      failures: response.getFailuresList().map((each) => `${each.getProperty()}: ${each.getReason()}`),
    };
  }

  /** Checks and creates, as an engine does. @throws {Error} with AWS's answer */
  async create(
    type: string,
    name: string,
    inputs: Properties,
    options: CheckOptions = {},
  ): Promise<StoredResource> {
    const checked = this.check(type, name, inputs, options);
    const request = this.#request(new providerMessages.CreateRequest(), type, name).setProperties(
      writeProperties(checked.inputs, checked.secretPaths),
    );
    const response = await this.#handlers.create(request, this.#caller);
    const { properties: outputs } = readProperties(response.getProperties());
    return { type, name, id: response.getId(), inputs: checked.inputs, outputs };
  }

  /** The outputs, with their secret paths, that a preview shows of a resource to be created. */
  async previewCreation(type: string, name: string, inputs: Properties, options: CheckOptions = {}) {
    const checked = this.check(type, name, inputs, options);
    const request = this.#request(new providerMessages.CreateRequest(), type, name)
      .setProperties(writeProperties(checked.inputs, checked.secretPaths))
      .setPreview(true);
    const response = await this.#handlers.create(request, this.#caller);
    return { id: response.getId(), ...readProperties(response.getProperties()) };
  }

  /** The inputs that the engine would update a resource with. */
  checkAgain({ type, name, inputs: olds }: StoredResource, inputs: Properties): Properties {
    return this.check(type, name, inputs, { olds }).inputs;
  }

  diff({ type, name, id, inputs: olds }: StoredResource, inputs: Properties) {
    const request = this.#request(new providerMessages.DiffRequest(), type, name)
      .setId(id)
      .setOldInputs(writeProperties(olds))
      .setNews(writeProperties(this.check(type, name, inputs, { olds }).inputs));
    const response = this.#handlers.diff(request);
    return {
      changes: ["unknown", "none", "some"][response.getChanges()],
      paths: response
        .getDetaileddiffMap()
        .getEntryList()
        .map(([path]) => path),
      replaces: response.getReplacesList(),
      deletesFirst: response.getDeletebeforereplace(),
    };
  }

  async update(stored: StoredResource, inputs: Properties): Promise<StoredResource> {
    const { type, name, id, inputs: olds } = stored;
    const news = this.checkAgain(stored, inputs);
    const request = this.#request(new providerMessages.UpdateRequest(), type, name)
      .setId(id)
      .setOldInputs(writeProperties(olds))
      .setNews(writeProperties(news));
    const response = await this.#handlers.update(request, this.#caller);
    return { ...stored, inputs: news, outputs: readProperties(response.getProperties()).properties };
  }

  async delete({ type, name, id, inputs }: StoredResource): Promise<void> {
    const request = this.#request(new providerMessages.DeleteRequest(), type, name)
      .setId(id)
      .setOldInputs(writeProperties(inputs));
    await this.#handlers.delete(request, this.#caller);
  }

  /** @param inputs those in the stack's state, or what a program gives that only reads */
  async read(type: string, name: string, id: string, inputs: Properties = {}) {
    const request = this.#request(new providerMessages.ReadRequest(), type, name)
      .setId(id)
      .setInputs(writeProperties(inputs));
    const response = await this.#handlers.read(request, this.#caller);
    return {
      id: response.getId(),
      inputs: readProperties(response.getInputs()).properties,
      outputs: readProperties(response.getProperties()).properties,
    };
  }

  invoke(token: string): Properties {
    const response = this.#handlers.invoke(new providerMessages.InvokeRequest().setTok(token), this.#caller);
    return readProperties(response.getReturn()).properties;
  }

  #request<Request extends NamedRequest>(request: Request, type: string, name: string): Request {
    request.setUrn(`urn:pulumi:test::project::aws:${type}::${name}`);
    request.setType(`aws:${type}`);
    request.setName(name);
    return request;
  }
}

export interface TestProviderArgs {
  readonly folder?: string;
  readonly other?: TestProvider;
  readonly configuration?: Properties;
}

interface NamedRequest {
  setUrn(urn: string): unknown;
  setType(type: string): unknown;
  setName(name: string): unknown;
}
