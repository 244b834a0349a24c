import { setImmediate } from "node:timers/promises";
import { topmostName } from "../graph/property-path.ts";
import type { AwsAccount, Properties, RecordedResource, ResourceGraph } from "../graph/resource-graph.ts";
import { stackType, urnOf } from "../graph/urn.ts";
import { OperatorError } from "../operator-error.ts";
import { type ReadProperties, readProperties, type Struct } from "../protocol/property-values.ts";
import { awsFunctions } from "../resources/aws-functions.ts";
import { packagePaths } from "../resources/package-files.ts";
import { type Callback, Callbacks } from "./callbacks.ts";
import { DeclaredResources, type PlannedResource } from "./declared-resources.ts";
import { type HookSubject, Hooks } from "./hooks.ts";
import { type ProviderSettings, providerSettings, regional } from "./provider-accounts.ts";
import {
  aliasUrns,
  inheritOptions,
  providerUrn,
  type Registration,
  type ResourceOptions,
} from "./registration.ts";
import { type ReadRequest, readResource, registeredResource } from "./resource-requests.ts";
import type { StackConfig } from "./stack-config.ts";
import {
  readStackReference,
  type StackOutputs,
  stackNameOf,
  stackReferenceType,
  stackState,
  stackStateToken,
} from "./stack-references.ts";
import { stackWarnings } from "./stack-warnings.ts";
import { type InvokeRequest, Transforms } from "./transforms.ts";

/** What a program is told of a resource. */
export interface Answer {
  readonly urn: string;
  readonly id: string;
  readonly state: Pick<ReadProperties, "properties" | "secretPaths">;
}

export interface RunningProgramArgs {
  readonly stackConfig: StackConfig;
  readonly account: AwsAccount;
  /** What the program declared when it ran last. */
  readonly former: ResourceGraph | undefined;
  /** The outputs of a stack, by `project/stack`, once it has them. */
  readonly readStack: (name: string) => Promise<StackOutputs>;
  /** Told of each resource before the program is. */
  readonly onResource?: ((resource: RecordedResource) => void) | undefined;
}

/** One run of a program, seen from the engine's side: what it asks for, and what it has declared so far. */
export class RunningProgram {
  readonly callbacks = new Callbacks();
  readonly transforms = new Transforms(this.callbacks);
  readonly hooks = new Hooks(this.callbacks);
  /** Rejects with the first request that is refused. */
  readonly failure: Promise<never>;
  /** Absolute paths of files and folders that its packages are made of. */
  readonly packagePaths = new Set<string>();
  readonly #args: RunningProgramArgs;
  readonly #declared: DeclaredResources;
  readonly #provider: ProviderSettings;
  /** What is kept of each resource for its children, by its URN. */
  readonly #options = new Map<string, ResourceOptions>();
  readonly #aliases = new Map<string, readonly string[]>();
  readonly #urns = new Set<string>();
  readonly #providers = new Map<string, ProviderSettings>();
  readonly #warnings: string[] = [];
  /** Resources of the last run that were made anew, and still have to be deleted. */
  readonly #replaced: RecordedResource[] = [];
  readonly #fail: (error: unknown) => void;
  #stackUrn = "";
  #outputs: StackOutputs | undefined;

  constructor(args: RunningProgramArgs) {
    this.#args = args;
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {});
    this.failure = promise;
    this.#fail = reject;
    this.#provider = providerSettings(awsSettings(args.stackConfig.config), args.account);
    this.#declared = new DeclaredResources({
      folder: args.stackConfig.workingDirectory,
      account: this.#provider.account,
      ...(args.former && { former: args.former.resources }),
    });
  }

  get identity(): { readonly project: string; readonly stack: string } {
    return this.#args.stackConfig;
  }

  /**
   * What it has declared.
   * @throws {RefusedResourceError} for what AWS refuses and only the whole stack shows; {OperatorError} for a protected
   * resource that would be deleted
   */
  get graph(): ResourceGraph {
    const { project, stack } = this.identity;
    const { account } = this.#provider;
    const { resources } = this.#declared;
    const warnings = [...this.#warnings, ...stackWarnings({ account, resources })];
    for (const resource of this.#declared.removed) refuseProtected(resource, "deleted");
    return { project, stack, account, resources, ...(this.#outputs ?? { outputs: {} }), warnings };
  }

  /** Creates or updates a resource. @param own its transforms */
  async register(requested: Registration, own: readonly Callback[]): Promise<Answer> {
    return this.#failing(async () => {
      const parentOptions = this.#options.get(requested.parent);
      if (parentOptions) inheritOptions(requested, parentOptions);
      const registration = await this.transforms.apply(requested, own);
      const { type, name, parent, options } = registration;
      const urn = urnOf({ ...this.identity, parent, type, name });
      this.#claim(urn, type, name);
      this.#options.set(urn, options);
      this.transforms.addToResource(urn, parent, own);
      if (type === stackType) {
        this.#stackUrn = urn;
        return { urn, id: "", state: { properties: {}, secretPaths: [] } };
      }
      const surroundings = {
        urn,
        parent: this.#parentOf(parent),
        provider: this.#providerOf(options.getProvider()),
        aliases: this.#aliasesOf(urn, registration),
      };
      const planned = this.#declared.plan(registeredResource(registration, surroundings));
      return this.#add(planned, options);
    });
  }

  /** Reads a resource that the program does not own, or the outputs of another stack. */
  async read(request: ReadRequest): Promise<Answer> {
    return this.#failing(async () => {
      const parent = request.getParent();
      const urn = urnOf({ ...this.identity, parent, type: request.getType(), name: request.getName() });
      this.#claim(urn, request.getType(), request.getName());
      if (request.getType() === stackReferenceType) return this.#readStack(urn, request);
      const provider = this.#providerOf(request.getProvider());
      const surroundings = { urn, parent: this.#parentOf(parent), provider, aliases: [] };
      const { resource, state } = this.#declared.add(
        this.#declared.plan(readResource(request, surroundings)),
      );
      return answerOf(resource, state);
    });
  }

  /** Answers what the program asks of AWS without creating anything. */
  async invoke(requested: InvokeRequest): Promise<Answer["state"]> {
    return this.#failing(async () => {
      const { token, args, provider } = await this.transforms.applyToInvoke(requested);
      const { properties } = readProperties(args);
      if (token === "pulumi:pulumi:getResource") return this.#stateOf(properties.urn);
      if (token === stackStateToken)
        return { properties: this.#stackStateOf(String(properties.stackName)), secretPaths: [] };
      const { account } = this.#providerOf(provider);
      const answer = awsFunctions({ token, args: properties }, regional(properties.region, account));
      return { properties: answer, secretPaths: [] };
    });
  }

  /** Sets the outputs of the stack, or of a component. */
  setOutputs(urn: string, struct: Struct | undefined): void {
    const { properties: outputs, secretPaths } = readProperties(struct);
    const secretOutputs = [...new Set(secretPaths.map(topmostName))];
    if (urn === this.#stackUrn)
      this.#outputs = { outputs, ...(secretOutputs.length > 0 && { secretOutputs }) };
    else this.#declared.setOutputs(urn, outputs);
  }

  /**
   * Ends the run: judges the whole stack, and deletes what the program declares no more.
   * @throws {OperatorError} for a program that is stuck, a protected resource that would be deleted, or what a hook of a deletion threw
   */
  async finish(): Promise<void> {
    await this.#failing(async () => {
      if (!this.#outputs)
        throw new OperatorError(
          "the program did not run to its end: it awaits a promise that never settles, in its code or in one of its outputs",
        );
      void this.graph;
      const deleted = new Set([...this.#declared.removed, ...this.#replaced]);
      for (const resource of [...deleted].reverse()) await this.#callDeleteHooks(resource);
    });
  }

  refuseRemote(type: string, name: string): void {
    const what = `${type} "${name}" is a component of another language, whose provider local mode does not run`;
    this.#refuse(`${what}: leave it out of the stack that you run locally`);
  }

  refuseCall(token: string): never {
    return this.#refuse(
      `the method ${token} is not emulated locally: leave its call out of the stack that you run locally`,
    );
  }

  close(): void {
    this.callbacks.close();
  }

  async #readStack(urn: string, request: ReadRequest): Promise<Answer> {
    const id = request.getId();
    const state = await readStackReference(id, (name) => this.#outputsOf(name));
    const surroundings = { urn, parent: undefined, provider: this.#provider, aliases: [] };
    this.#declared.add(this.#declared.plan(readResource(request, surroundings)));
    return { urn, id, state };
  }

  /** A stack that refers to itself gets what it was when it was deployed last. */
  async #outputsOf(name: string): Promise<StackOutputs> {
    return this.#isOwn(name) ? (this.#args.former ?? { outputs: {} }) : this.#args.readStack(name);
  }

  #stackStateOf(name: string): Properties {
    if (!this.#isOwn(name.split("/").slice(1).join("/")))
      throw new OperatorError(`${stackStateToken} of ${name}: local mode answers it for the own stack only`);
    return stackState(this.#args.former);
  }

  #isOwn(name: string): boolean {
    return name === stackNameOf(this.identity);
  }

  async #add(planned: PlannedResource, options: ResourceOptions): Promise<Answer> {
    const { declared, properties, former, operation } = planned;
    const hooks = options.getHooks();
    // Pulumi takes a resource that is protected no more as free at once.
    if (operation === "replace" && former && declared.protect) refuseProtected(former, "replaced");
    const { secretPaths } = declared;
    const subject: HookSubject = {
      ...declared,
      id: former?.id ?? "",
      new: { inputs: properties, secretPaths },
      ...(former && operation !== "replace" && { old: former }),
    };
    const isUpdate = operation === "update";
    const before = isUpdate ? hooks?.getBeforeUpdateList() : hooks?.getBeforeCreateList();
    const after = isUpdate ? hooks?.getAfterUpdateList() : hooks?.getAfterCreateList();
    if (operation === "replace" && former) await this.#startReplacing(former, options);
    if (operation !== "same") await this.#callHooks(before ?? [], subject);
    const { resource, state } = await this.hooks.retrying(hooks?.getOnErrorList() ?? [], subject, () =>
      this.#declared.add(planned),
    );
    this.#args.onResource?.(resource);
    for (const path of packagePaths(declared.properties, this.#args.stackConfig.workingDirectory))
      this.packagePaths.add(path);
    const created = { ...subject, id: resource.id, new: { inputs: properties, outputs: state, secretPaths } };
    if (operation !== "same") await this.#callHooks(after ?? [], created);
    return answerOf(resource, state);
  }

  /** The former resource is deleted at the end of the run, or at once where it is in the way of the new one. */
  async #startReplacing(former: RecordedResource, options: ResourceOptions): Promise<void> {
    if (options.getDeleteBeforeReplace()) await this.#callDeleteHooks(former);
    else this.#replaced.push(former);
  }

  async #callDeleteHooks(resource: RecordedResource): Promise<void> {
    if (!resource.deleteHooks) return;
    const subject = { ...resource, old: resource };
    await this.#callHooks(resource.deleteHooks.before, subject);
    await this.#callHooks(resource.deleteHooks.after, subject);
  }

  async #callHooks(names: readonly string[], subject: HookSubject): Promise<void> {
    this.#warnings.push(...(await this.hooks.call(names, subject)));
  }

  /** Two resources with one URN would be one. */
  #claim(urn: string, type: string, name: string): void {
    if (this.#urns.has(urn))
      throw new OperatorError(
        `${type} "${name}" is declared twice: give each its own name (duplicate resource URN ${urn})`,
      );
    this.#urns.add(urn);
  }

  /** What a resource is that the program has a reference to. */
  #stateOf(urn: string): Answer["state"] {
    const resource = this.#declared.find(urn);
    if (!resource) throw new OperatorError(`the program refers to ${urn}, which it does not declare`);
    const { id, outputs: state, secretPaths = [] } = resource;
    return { properties: { urn, id, state }, secretPaths: secretPaths.length > 0 ? ["state"] : [] };
  }

  #parentOf(urn: string): string | undefined {
    return urn === this.#stackUrn || urn === "" ? undefined : urn;
  }

  #aliasesOf(urn: string, { type, name, parent, options }: Registration): readonly string[] {
    const own = { ...this.identity, type, name, parent: parent || undefined };
    const aliases = aliasUrns(options, own, (known) => this.#aliases.get(known) ?? []);
    this.#aliases.set(urn, aliases);
    return aliases;
  }

  /** @param reference URN and id of a provider; empty for the default one */
  #providerOf(reference: string): ProviderSettings {
    const urn = providerUrn(reference);
    const known = this.#providers.get(urn);
    if (known) return known;
    const provider = this.#declared.find(urn);
    const settings = provider ? providerSettings(provider.inputs, this.#args.account) : this.#provider;
    this.#providers.set(urn, settings);
    return settings;
  }

  #refuse(message: string): never {
    const error = new OperatorError(message);
    this.#fail(error);
    throw error;
  }

  async #failing<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      this.#fail(error);
      // What the program wrote before comes first.
      await setImmediate();
      throw error;
    }
  }
}

function answerOf({ urn, id, secretPaths = [] }: RecordedResource, properties: Properties): Answer {
  return { urn, id, state: { properties, secretPaths } };
}

function refuseProtected({ type, name, protect }: RecordedResource, what: string): void {
  if (protect)
    throw new OperatorError(
      `${type} "${name}" is protected, and would be ${what}: take protect from its options first, and save`,
    );
}

/** The settings of the default provider, by their names. */
function awsSettings(config: StackConfig["config"]): Properties {
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) =>
      key.startsWith("aws:") ? [[key.slice("aws:".length), value]] : [],
    ),
  );
}
