import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { CommandResult, PulumiBackend } from "./pulumi-backend.ts";

export interface PulumiStackArgs {
  /** Folder with the program's Pulumi.yaml. Nothing is written into it. */
  readonly program: string;
  /** `test` unless it is given. */
  readonly name?: string;
  /** As in a stack file: keys without a namespace are the project's own. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Properties of a resource as the engine has them; a secret one is "[secret]". */
type Properties = Readonly<Record<string, unknown>>;

/** A resource before or after an operation. */
export interface ResourceState {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export interface Operation {
  /** Like create, update, delete, create-replacement, replace or delete-replaced. */
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly failed: boolean;
  /** Properties that differ. */
  readonly diffs: readonly string[];
  /** Properties whose difference replaces the resource. */
  readonly replaceKeys: readonly string[];
  readonly old: ResourceState | undefined;
  readonly new: ResourceState | undefined;
}

export interface Message {
  readonly severity: "info" | "info#err" | "warning" | "error";
  readonly text: string;
  /** The resource it is about; without one, the stack. */
  readonly urn: string | undefined;
}

export interface PolicyViolation {
  readonly policy: string;
  readonly urn: string | undefined;
  readonly level: string;
  readonly text: string;
}

/** What a preview, an update, a refresh or a destruction came to. */
export interface Update extends CommandResult {
  /** In the order in which they ended, without resources that stay the same and without default providers. */
  readonly operations: readonly Operation[];
  /** Number of resources by operation, `same` included, as the CLI counts them: a replacement is one. */
  readonly counts: Readonly<Record<string, number>>;
  /** What the program printed, severity info or info#err, and what was reported. */
  readonly messages: readonly Message[];
  readonly violations: readonly PolicyViolation[];
}

/** A stack of a program, whose commands a Pulumi CLI runs. */
export class PulumiStack {
  readonly name: string;
  readonly project: string;
  readonly #backend: PulumiBackend;
  readonly #program: string;
  readonly #folder: string;
  #updates = 0;

  private constructor(backend: PulumiBackend, { program, name = "test" }: PulumiStackArgs) {
    this.#backend = backend;
    this.#program = program;
    this.name = name;
    this.project = parse(readFileSync(join(program, "Pulumi.yaml"), "utf8")).name;
    this.#folder = join(backend.folder, "stacks", this.project, name);
  }

  /** Makes an empty stack, with a stack file outside of the program's folder. */
  static async create(backend: PulumiBackend, args: PulumiStackArgs): Promise<PulumiStack> {
    const stack = new PulumiStack(backend, args);
    mkdirSync(stack.#folder, { recursive: true });
    // `stack init` writes the stack file beside a Pulumi.yaml: here, one of a project with the same name.
    writeFileSync(join(stack.#folder, "Pulumi.yaml"), stringify({ name: stack.project, runtime: "nodejs" }));
    const { exitCode, stderr } = await backend.run(
      "stack",
      "init",
      stack.name,
      "--cwd",
      stack.#folder,
      "--non-interactive",
    );
    if (exitCode !== 0) throw new Error(stderr);
    stack.setConfig(args.config ?? {});
    return stack;
  }

  get #stackFile(): string {
    return join(this.#folder, `Pulumi.${this.name}.yaml`);
  }

  /** Sets these values and keeps the others; undefined removes one. */
  setConfig(config: Readonly<Record<string, unknown>>): void {
    const content = existsSync(this.#stackFile) ? parse(readFileSync(this.#stackFile, "utf8")) : {};
    writeFileSync(this.#stackFile, stringify({ ...content, config: { ...content?.config, ...config } }));
  }

  /** Encrypts a value with the stack's passphrase and sets it. */
  async setSecret(key: string, value: string): Promise<void> {
    const { exitCode, stderr } = await this.run(
      "config",
      "set",
      "--secret",
      key,
      value,
      "--config-file",
      this.#stackFile,
    );
    if (exitCode !== 0) throw new Error(stderr);
  }

  preview(...flags: readonly string[]): Promise<Update> {
    return this.#update("preview", flags);
  }

  up(...flags: readonly string[]): Promise<Update> {
    return this.#update("up", ["--yes", "--skip-preview", ...flags]);
  }

  refresh(...flags: readonly string[]): Promise<Update> {
    return this.#update("refresh", ["--yes", "--skip-preview", ...flags]);
  }

  destroy(...flags: readonly string[]): Promise<Update> {
    return this.#update("destroy", ["--yes", "--skip-preview", ...flags]);
  }

  /** The outputs of the last update, secrets in plain text. */
  async outputs(): Promise<Properties> {
    const { exitCode, stdout, stderr } = await this.run("stack", "output", "--json", "--show-secrets");
    if (exitCode !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  }

  /** Runs any other command on this stack, like `run("stack", "export")`. */
  run(...args: readonly string[]): Promise<CommandResult> {
    return this.#backend.run(...args, "--stack", this.name, "--cwd", this.#program, "--non-interactive");
  }

  async #update(command: string, flags: readonly string[]): Promise<Update> {
    const log = join(this.#folder, `${++this.#updates}-${command}.jsonl`);
    const result = await this.run(command, ...flags, "--config-file", this.#stackFile, "--event-log", log);
    const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n").filter(Boolean) : [];
    const events = lines.map((line): EngineEvent => JSON.parse(line));
    return {
      ...result,
      operations: lastOfEach(events.flatMap(operationsOf)),
      counts: events.findLast(({ summaryEvent }) => summaryEvent)?.summaryEvent?.resourceChanges ?? {},
      messages: events.flatMap(messagesOf),
      violations: events.flatMap(violationsOf),
    };
  }
}

/** One line of an event log, as far as it is read here. */
interface EngineEvent {
  readonly diagnosticEvent?: {
    urn?: string;
    message: string;
    severity: Message["severity"] | "debug";
    ephemeral?: boolean;
  };
  readonly policyEvent?: {
    resourceUrn?: string;
    policyName: string;
    enforcementLevel: string;
    message: string;
  };
  readonly resOutputsEvent?: { metadata: StepMetadata };
  readonly resOpFailedEvent?: { metadata: StepMetadata };
  readonly summaryEvent?: { resourceChanges?: Record<string, number> };
}

interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly keys?: readonly string[];
  readonly diffs?: readonly string[];
  readonly old: ResourceState | null;
  readonly new: ResourceState | null;
}

function operationsOf({ resOutputsEvent, resOpFailedEvent }: EngineEvent): Operation[] {
  const metadata = (resOutputsEvent ?? resOpFailedEvent)?.metadata;
  if (!metadata || metadata.op === "same") return [];
  const { op, urn, type, keys = [], diffs = [] } = metadata;
  const name = urn.split("::").slice(3).join("::");
  if (type.startsWith("pulumi:providers:") && name.startsWith("default")) return [];
  const failed = resOpFailedEvent !== undefined;
  return [
    {
      op,
      urn,
      type,
      name,
      failed,
      diffs,
      replaceKeys: keys,
      old: stateOf(metadata.old),
      new: stateOf(metadata.new),
    },
  ];
}

/** A preview reports a stack and a component twice: when they are registered, and with their outputs. */
function lastOfEach(operations: readonly Operation[]): Operation[] {
  const byStep = new Map<string, Operation>();
  for (const one of operations) {
    const step = `${one.op} ${one.urn} ${one.old?.id}`;
    byStep.delete(step);
    byStep.set(step, one);
  }
  return [...byStep.values()];
}

function stateOf(state: ResourceState | null): ResourceState | undefined {
  return state ? { id: state.id, inputs: state.inputs, outputs: state.outputs } : undefined;
}

function messagesOf({ diagnosticEvent }: EngineEvent): Message[] {
  if (!diagnosticEvent || diagnosticEvent.severity === "debug" || diagnosticEvent.ephemeral) return [];
  const { severity, message, urn } = diagnosticEvent;
  return [{ severity, text: message.trimEnd(), urn }];
}

function violationsOf({ policyEvent }: EngineEvent): PolicyViolation[] {
  if (!policyEvent) return [];
  const { policyName, resourceUrn, enforcementLevel, message } = policyEvent;
  return [{ policy: policyName, urn: resourceUrn, level: enforcementLevel, text: message.trimEnd() }];
}
