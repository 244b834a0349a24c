import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { EmulatedHosts } from "../sandbox/emulated-hosts.ts";
import { DeployedFunction } from "./deployed-function.ts";
import { checkDefinition, type FunctionDefinition } from "./function-definition.ts";
import type { FailureKind, InvokeResult, LogEntry } from "./invocation.ts";
import { runtimeBundle } from "./runtime-bundle.ts";
import { linkRuntimePackages } from "./runtime-packages.ts";

export type { EmulatedHosts } from "../sandbox/emulated-hosts.ts";
export type { FunctionDefinition } from "./function-definition.ts";
export type { InvokeResult, LogEntry } from "./invocation.ts";

/** Invocations at a time in an account and region, for all functions together: AWS's default quota. */
const accountConcurrency = 1000;

/** Of an event as JSON. */
const eventLimitBytes = 6 * 1024 * 1024;

/** `initLimitMs` is 10 s and `concurrency` 1,000, as on AWS, unless given. */
export interface LambdaServiceOptions {
  readonly functions: readonly FunctionDefinition[];
  readonly hosts: EmulatedHosts;
  readonly onLog?: (entry: LogEntry) => void;
  readonly initLimitMs?: number;
  readonly concurrency?: number;
}

/** Runs deployment packages unmodified, each execution environment a worker thread of its own. */
export class LambdaService {
  readonly #options: LambdaServiceOptions;
  readonly #directory: string;
  readonly #counts = new Map<string, number>();
  readonly #deployed = new Set<DeployedFunction>();
  #hosts: EmulatedHosts;
  #functions: ReadonlyMap<string, DeployedFunction>;
  #isClosed = false;

  /** Throws when a function cannot run locally. Writes the packages, starts nothing. */
  constructor(options: LambdaServiceOptions) {
    options.functions.forEach(checkDefinition);
    this.#options = options;
    this.#hosts = options.hosts;
    this.#directory = realpathSync(mkdtempSync(path.join(tmpdir(), "lambda-")));
    writeFileSync(path.join(this.#directory, "runtime.mjs"), runtimeBundle());
    writeFileSync(path.join(this.#directory, "package.json"), "{}");
    linkRuntimePackages(this.#directory);
    this.#functions = this.#deploy(options.functions, new Map());
  }

  /** Invokes a function with a copy of the event, and waits for its outcome. Rejects for an unknown function. */
  async invoke(functionArn: string, event: unknown): Promise<InvokeResult> {
    if (this.#isClosed) throw new Error("the lambda service is closed");
    const deployed = this.#functions.get(functionArn);
    if (!deployed) throw new Error(`Function not found: ${functionArn}`);
    if (this.#isThrottled(deployed))
      return refused("throttled", "TooManyRequestsException", "Rate Exceeded.");
    const eventJson = JSON.stringify(event) ?? "null";
    if (Buffer.byteLength(eventJson) > eventLimitBytes) {
      const limit = `Request must be smaller than ${eventLimitBytes} bytes for the InvokeFunction operation`;
      return refused("tooLarge", "RequestEntityTooLargeException", limit);
    }
    this.#counts.set(functionArn, this.invocationCount(functionArn) + 1);
    return deployed.invoke(eventJson);
  }

  /** How many invocations were taken. */
  invocationCount(functionArn: string): number {
    return this.#counts.get(functionArn) ?? 0;
  }

  /**
   * Invocations from now on run the given functions; those in flight finish in the code that they began with.
   * Functions that are the same keep their warm environments, unless the emulated hosts change.
   * Resolves when the former environments and packages are gone, which nobody needs to wait for.
   */
  replaceFunctions(functions: readonly FunctionDefinition[], hosts = this.#hosts): Promise<void> {
    functions.forEach(checkDefinition);
    const former = this.#functions;
    const kept = isDeepStrictEqual(hosts, this.#hosts) ? former : new Map<string, DeployedFunction>();
    this.#hosts = hosts;
    this.#functions = this.#deploy(functions, kept);
    const present = new Set(this.#functions.values());
    return this.#retire([...former.values()].filter((deployed) => !present.has(deployed)));
  }

  /** Ends every environment, fails what is in flight, and removes what was written. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#deployed].map((deployed) => deployed.terminate()));
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** A reserved concurrency is a function's own, and taken from what the others share. */
  #isThrottled({ inFlight, reservedConcurrency }: DeployedFunction): boolean {
    if (reservedConcurrency !== undefined) return inFlight >= reservedConcurrency;
    const current = [...this.#functions.values()];
    const reserved = current.reduce((sum, deployed) => sum + (deployed.reservedConcurrency ?? 0), 0);
    const sharing = [...this.#deployed].filter((deployed) => deployed.reservedConcurrency === undefined);
    const shared = sharing.reduce((sum, deployed) => sum + deployed.inFlight, 0);
    return shared >= (this.#options.concurrency ?? accountConcurrency) - reserved;
  }

  async #retire(functions: readonly DeployedFunction[]): Promise<void> {
    await Promise.all(functions.map((deployed) => deployed.retire()));
    for (const deployed of functions) this.#deployed.delete(deployed);
  }

  #deploy(
    functions: readonly FunctionDefinition[],
    former: ReadonlyMap<string, DeployedFunction>,
  ): ReadonlyMap<string, DeployedFunction> {
    const { onLog = () => {}, initLimitMs = 10_000 } = this.#options;
    const hosts = this.#hosts;
    const runtimePath = path.join(this.#directory, "runtime.mjs");
    return new Map(
      functions.map((definition) => {
        const same = former.get(definition.functionArn);
        if (same && isDeepStrictEqual(same.definition, definition)) return [definition.functionArn, same];
        const settings = { definition, runtimePath, hosts, initLimitMs, onLog };
        const deployed = new DeployedFunction(settings, this.#directory);
        this.#deployed.add(deployed);
        return [definition.functionArn, deployed];
      }),
    );
  }
}

function refused(kind: FailureKind, errorType: string, errorMessage: string): InvokeResult {
  return { ok: false, kind, errorType, errorMessage };
}
