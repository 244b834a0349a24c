import { statSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { accountOf } from "../graph/account-of.ts";
import type { AwsAccount, RecordedResource, ResourceGraph } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import type { EmulatedHosts } from "../sandbox/emulated-hosts.ts";
import { namingEnvironments } from "./environments.ts";
import { endOf } from "./program-end.ts";
import { placeIn } from "./program-error.ts";
import { type ProcessKey, type ProgramLine, ProgramProcess } from "./program-process.ts";
import type { ReadStack } from "./run-programs.ts";
import { RunningProgram } from "./running-program.ts";
import type { StackConfig } from "./stack-config.ts";
import { stackNameOf } from "./stack-references.ts";

export interface ProgramRunnerOptions {
  readonly account?: Partial<AwsAccount>;
  /** Milliseconds after which a run is given up; 60 s unless given. */
  readonly runLimitMs?: number;
  /** Told of each line that a program writes or logs. */
  readonly onLine?: (line: ProgramLine, project: string) => void;
}

export interface RunOptions {
  /** AWS hosts that the program's calls reach on local ports. */
  readonly hosts?: EmulatedHosts;
  readonly readStack?: ReadStack;
  /** Told of each resource before the program is. */
  readonly onResource?: (resource: RecordedResource) => void;
  /** Gives the run up. */
  readonly signal?: AbortSignal;
}

/** Runs programs as Pulumi does, each run in a process of its own. */
export class ProgramRunner {
  readonly #options: ProgramRunnerOptions;
  /** Processes that run, or wait for the next run of their program. */
  readonly #processes = new Set<ProgramProcess>();
  readonly #standbys = new Map<string, { readonly key: ProcessKey; readonly process: ProgramProcess }>();
  readonly #former = new Map<string, ResourceGraph>();
  readonly #sources = new Map<string, readonly string[]>();
  #isClosed = false;

  constructor(options: ProgramRunnerOptions = {}) {
    this.#options = options;
  }

  /** How many processes there are, with those that wait for the next runs. */
  get processCount(): number {
    return this.#processes.size;
  }

  /** Absolute paths of the files and folders that the programs' latest runs were made of, packages aside. */
  get sources(): string[] {
    return [...new Set([...this.#sources.values()].flat())];
  }

  /** Starts the process of a program's next run, if there is none: most of a run's time is loading Pulumi's packages. */
  prepare(stackConfig: StackConfig): void {
    const key = processKey(stackConfig);
    const name = stackNameOf(stackConfig);
    const waiting = this.#standbys.get(name);
    if (this.#isClosed || (waiting && !waiting.process.isIncomplete && isDeepStrictEqual(waiting.key, key)))
      return;
    void waiting?.process.kill();
    this.#standbys.delete(name);
    // A run says better what is wrong.
    const process = attempt(() => this.#start(key));
    if (process) this.#standbys.set(name, { key, process });
  }

  /**
   * Runs a program.
   * @returns what it declares; that is what its next run is compared with
   * @throws {OperatorError} with what the program logged as an error, or why it ended; {RefusedResourceError} with what
   * AWS answers to a resource that it refuses
   */
  async run(stackConfig: StackConfig, options: RunOptions = {}): Promise<ResourceGraph> {
    if (this.#isClosed) throw new OperatorError("local mode is closed");
    const name = stackNameOf(stackConfig);
    const account = accountOf(stackConfig.config, this.#options.account);
    const former = this.#former.get(name);
    const { readStack = noStack } = options;
    const program = new RunningProgram({
      ...{ stackConfig, account, former, readStack },
      onResource: options.onResource,
    });
    const process = this.#take(stackConfig);
    try {
      const graph = await namingEnvironments(stackConfig, () =>
        this.#runIn(process, program, stackConfig, options),
      );
      this.#former.set(name, graph);
      this.#note(name, process, program);
      return graph;
    } catch (error) {
      // What mends it may be a file that this run did not get to.
      this.#note(name, process, program, this.#sources.get(name));
      throw error;
    } finally {
      program.close();
      await process.kill();
    }
  }

  /** Notes what a run was made of. */
  #note(
    name: string,
    process: ProgramProcess,
    program: RunningProgram,
    former: readonly string[] = [],
  ): void {
    const paths = new Set([...former, ...process.loadedFiles, ...program.packagePaths]);
    this.#sources.set(name, [...paths]);
  }

  /** Ends every process; a run that is under way fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#standbys.clear();
    await Promise.all([...this.#processes].map((process) => process.kill()));
  }

  async #runIn(
    process: ProgramProcess,
    program: RunningProgram,
    stackConfig: StackConfig,
    { hosts = {}, signal }: RunOptions,
  ): Promise<ResourceGraph> {
    const { config, secretKeys, project } = stackConfig;
    const { onLine = printLine, runLimitMs = 60_000 } = this.#options;
    const givenUp = Promise.withResolvers<"limit">();
    const timer = setTimeout(() => givenUp.resolve("limit"), runLimitMs);
    signal?.addEventListener("abort", () => givenUp.reject(new OperatorError("the run was given up")));
    try {
      await process.start({ config, secretKeys, hosts }, program, (line) => onLine(line, project));
      const end = await Promise.race([process.end, program.failure, givenUp.promise]);
      if (end === "limit") throw await overdue(process, runLimitMs, stackConfig);
      const failure = endOf(end, stackConfig);
      if (failure !== undefined) throw new OperatorError(failure);
      return program.graph;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The process that waits for this run, or a new one. */
  #take(stackConfig: StackConfig): ProgramProcess {
    const key = processKey(stackConfig);
    this.prepare(stackConfig);
    const waiting = this.#standbys.get(stackNameOf(stackConfig));
    this.#standbys.delete(stackNameOf(stackConfig));
    return waiting?.process ?? this.#start(key);
  }

  #start(key: ProcessKey): ProgramProcess {
    const process = new ProgramProcess(key);
    this.#processes.add(process);
    const forget = () => {
      this.#processes.delete(process);
      const waiting = this.#standbys.get(stackNameOf(key));
      if (waiting?.process === process) this.#standbys.delete(stackNameOf(key));
    };
    process.end.then(forget, forget);
    return process;
  }
}

/** What of a project is read when its process is started: the settings, and files that Pulumi's runner reads at once. */
function processKey({
  project,
  stack,
  rootDirectory,
  workingDirectory,
  main,
  runtime,
}: StackConfig): ProcessKey {
  const files = ["package.json", runtime.tsconfig ?? "tsconfig.json", ".npmrc"];
  const readAt = files.map(
    (file) => statSync(join(workingDirectory, file), { throwIfNoEntry: false })?.mtimeMs,
  );
  return { project, stack, rootDirectory, workingDirectory, main, runtime, readAt };
}

/** What a program writes goes beside the output of the command that runs it. */
function printLine({ text }: ProgramLine): void {
  console.error(text);
}

async function overdue(
  process: ProgramProcess,
  limitMs: number,
  stackConfig: StackConfig,
): Promise<OperatorError> {
  const place = placeIn(await process.busyFrames(), stackConfig);
  const why =
    place === undefined ? "something keeps it running, like a server or a timer" : `it is at ${place}`;
  return new OperatorError(`the program did not end within ${limitMs / 1000} s: ${why}`);
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

async function noStack(name: string): Promise<never> {
  throw new OperatorError(
    `stack reference to ${name}: no other stack is served here. Start that stack's program beside this one with --with <folder>`,
  );
}
