import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DeployedFunction } from "./deployed-function.ts";
import type { EmulatedHosts } from "./emulated-hosts.ts";
import { checkDefinition, type FunctionDefinition } from "./function-definition.ts";
import type { InvokeResult, LogEntry } from "./invocation.ts";
import { runtimeBundle } from "./runtime-bundle.ts";

export type { EmulatedHosts } from "./emulated-hosts.ts";
export type { FunctionDefinition } from "./function-definition.ts";
export type { InvokeResult, LogEntry } from "./invocation.ts";

/** `initLimitMs` is 10 s, as on AWS, unless given. */
export interface LambdaServiceOptions {
  readonly functions: readonly FunctionDefinition[];
  readonly hosts: EmulatedHosts;
  readonly onLog?: (entry: LogEntry) => void;
  readonly initLimitMs?: number;
}

/** Runs deployment packages unmodified, each execution environment a worker thread of its own. */
export class LambdaService {
  readonly #options: LambdaServiceOptions;
  readonly #directory: string;
  readonly #counts = new Map<string, number>();
  readonly #deployed = new Set<DeployedFunction>();
  #functions: ReadonlyMap<string, DeployedFunction>;
  #isClosed = false;

  /** Throws when a function cannot run locally. Writes the packages, starts nothing. */
  constructor(options: LambdaServiceOptions) {
    options.functions.forEach(checkDefinition);
    this.#options = options;
    this.#directory = realpathSync(mkdtempSync(path.join(tmpdir(), "lambda-")));
    writeFileSync(path.join(this.#directory, "runtime.mjs"), runtimeBundle());
    writeFileSync(path.join(this.#directory, "package.json"), "{}");
    this.#functions = this.#deploy(options.functions);
  }

  /** Invokes a function with a copy of the event, and waits for its outcome. Rejects for an unknown function. */
  async invoke(functionArn: string, event: unknown): Promise<InvokeResult> {
    if (this.#isClosed) throw new Error("the lambda service is closed");
    const deployed = this.#functions.get(functionArn);
    if (!deployed) throw new Error(`Function not found: ${functionArn}`);
    if (deployed.isThrottled) {
      const errorType = "TooManyRequestsException";
      return { ok: false, kind: "throttled", errorType, errorMessage: "Rate Exceeded." };
    }
    this.#counts.set(functionArn, this.invocationCount(functionArn) + 1);
    return deployed.invoke(event);
  }

  /** How many invocations were not throttled. */
  invocationCount(functionArn: string): number {
    return this.#counts.get(functionArn) ?? 0;
  }

  /**
   * Invocations from now on run the given functions; those in flight finish in the code that they began with.
   * Resolves when the former environments and packages are gone, which nobody needs to wait for.
   */
  replaceFunctions(functions: readonly FunctionDefinition[]): Promise<void> {
    functions.forEach(checkDefinition);
    const former = [...this.#functions.values()];
    this.#functions = this.#deploy(functions);
    return this.#retire(former);
  }

  /** Ends every environment, fails what is in flight, and removes what was written. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#deployed].map((deployed) => deployed.terminate()));
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #retire(functions: readonly DeployedFunction[]): Promise<void> {
    await Promise.all(functions.map((deployed) => deployed.retire()));
    for (const deployed of functions) this.#deployed.delete(deployed);
  }

  #deploy(functions: readonly FunctionDefinition[]): ReadonlyMap<string, DeployedFunction> {
    const { hosts, onLog = () => {}, initLimitMs = 10_000 } = this.#options;
    const runtimePath = path.join(this.#directory, "runtime.mjs");
    return new Map(
      functions.map((definition) => {
        const settings = { definition, runtimePath, hosts, initLimitMs, onLog };
        const deployed = new DeployedFunction(settings, this.#directory);
        this.#deployed.add(deployed);
        return [definition.functionArn, deployed];
      }),
    );
  }
}
