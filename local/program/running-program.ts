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
import { aliasUrns, type Registration, type ResourceOptions } from "./registration.ts";
import { type ReadRequest, readResource, registeredResource } from "./resource-requests.ts";
import type { StackConfig } from "./stack-config.ts";
import { readStackReference, stackReferenceType, stackState, stackStateToken } from "./stack-references.ts";
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
}

/** What a stack gives to those that refer to it. */
export type StackOutputs = Pick<ResourceGraph, "outputs" | "secretOutputs">;

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
  readonly #aliases = new Map<string, readonly string[]>();
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

  /** What it has declared. @throws {RefusedResourceError} for what AWS refuses and only the whole stack shows */
  get graph(): ResourceGraph {
    const { project, stack } = this.identity;
    const { account } = this.#provider;
    const { resources } = this.#declared;
    const warnings = stackWarnings({ account, resources });
    return { project, stack, account, resources, ...(this.#outputs ?? { outputs: {} }), warnings };
  }

  /** Creates or updates a resource. @param own its transforms */
  async register(requested: Registration, own: readonly Callback[]): Promise<Answer> {
    return this.#failing(async () => {
      const registration = await this.transforms.apply(requested, own);
      const { type, name, parent, options } = registration;
      const urn = urnOf({ ...this.identity, parent, type, name });
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
      return this.#add(planned, options.getHooks());
    });
  }

  /** Reads a resource that the program does not own, or the outputs of another stack. */
  async read(request: ReadRequest): Promise<Answer> {
    return this.#failing(async () => {
      const parent = request.getParent();
      const urn = urnOf({ ...this.identity, parent, type: request.getType(), name: request.getName() });
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
  async invoke(requested: InvokeRequest): Promise<Properties> {
    return this.#failing(async () => {
      const { token, args, provider } = await this.transforms.applyToInvoke(requested);
      const { properties } = readProperties(args);
      if (token === stackStateToken) return this.#stateOf(String(properties.stackName));
      const { account } = this.#providerOf(provider);
      return awsFunctions({ token, args: properties }, regional(properties.region, account));
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
      const { removed } = this.#declared;
      void this.graph;
      for (const resource of removed) refuseProtected(resource, "deleted");
      for (const { deleteHooks, id, inputs, outputs, ...resource } of removed.toReversed()) {
        if (!deleteHooks) continue;
        const subject = { ...resource, id, oldInputs: inputs, oldOutputs: outputs };
        await this.hooks.call(deleteHooks.before, subject);
        await this.hooks.call(deleteHooks.after, subject);
      }
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

  #stateOf(name: string): Properties {
    if (!this.#isOwn(name.split("/").slice(1).join("/")))
      throw new OperatorError(`${stackStateToken} of ${name}: local mode answers it for the own stack only`);
    return stackState(this.#args.former);
  }

  #isOwn(name: string): boolean {
    const { project, stack } = this.identity;
    return name === `${project}/${stack}`;
  }

  async #add(planned: PlannedResource, hooks: ReturnType<ResourceOptions["getHooks"]>): Promise<Answer> {
    const { declared, properties, former, operation } = planned;
    if (operation === "replace" && former) refuseProtected(former, "replaced");
    const subject: HookSubject = {
      ...declared,
      id: former?.id ?? "",
      newInputs: properties,
      ...(former && { oldInputs: former.inputs, oldOutputs: former.outputs }),
    };
    const isUpdate = operation === "update";
    if (operation !== "same")
      await this.hooks.call(
        (isUpdate ? hooks?.getBeforeUpdateList() : hooks?.getBeforeCreateList()) ?? [],
        subject,
      );
    const { resource, state } = await this.hooks.retrying(hooks?.getOnErrorList() ?? [], subject, () =>
      this.#declared.add(planned),
    );
    for (const path of packagePaths(declared.properties, this.#args.stackConfig.workingDirectory))
      this.packagePaths.add(path);
    const after = { ...subject, id: resource.id, newOutputs: state };
    if (operation !== "same")
      await this.hooks.call(
        (isUpdate ? hooks?.getAfterUpdateList() : hooks?.getAfterCreateList()) ?? [],
        after,
      );
    return answerOf(resource, state);
  }

  #parentOf(urn: string): string | undefined {
    return urn === this.#stackUrn || urn === "" ? undefined : urn;
  }

  #aliasesOf(urn: string, { type, name, parent, options }: Registration): readonly string[] {
    const own = { ...this.identity, type, name, parent: parent || undefined };
    const aliases = aliasUrns(options, own, this.#aliases.get(parent) ?? []);
    this.#aliases.set(urn, aliases);
    return aliases;
  }

  /** @param reference URN and id of a provider; empty for the default one */
  #providerOf(reference: string): ProviderSettings {
    const urn = reference.slice(0, Math.max(0, reference.lastIndexOf("::")));
    const provider = this.#declared.resources.find((resource) => resource.urn === urn);
    return provider ? providerSettings(provider.inputs, this.#provider.account) : this.#provider;
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
