import { setTimeout as delay } from "node:timers/promises";
import { ProgramRunner } from "../../local/program/program-runner.ts";
import { startLocalStack } from "../../local/stack/local-stack.ts";
import { UserPool } from "../../local/user-pool/user-pool.ts";
import { testStackConfig } from "../test-stack.ts";
import { clientId, otherClientId, signingKeys, userPoolId } from "../token-factory.ts";
import { LambdaFaults } from "./lambda-faults.ts";
import { Ledger } from "./ledger.ts";
import { type ClientPlan, type Fault, lastClients, planOf } from "./plan.ts";
import { liveRaw } from "./raw-client.ts";
import {
  hasSockets,
  type LevelsInTime,
  levelViolations,
  type ResourceLevels,
  resourceLevels,
} from "./resource-levels.ts";
import { SoakClient } from "./soak-client.ts";
import { SoakProject } from "./soak-project.ts";
import type { SoakWorld } from "./soak-world.ts";
import { Watchdog } from "./watchdog.ts";

export interface SoakArgs {
  readonly seed: number;
  /** For how long clients come. */
  readonly seconds: number;
  /** Told every 10 seconds how far it is, and of each violation. */
  readonly onProgress?: (line: string) => void;
}

export interface SoakReport {
  /** What should not have happened; the first 20. */
  readonly violations: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  readonly levels: LevelsInTime;
  readonly mostWorkers: number;
  /** How often the process stood still for a second or more. */
  readonly stalls: number;
}

/** More than the slowest thing takes on a busy machine: a message behind several that hang. */
const overdueMs = 60_000;
/** More than a client takes to answer a close on a busy machine. */
const closeTimeoutMs = 3000;
/** More than `fetch` keeps its connections for the next call. */
const keepAliveMs = 8000;
const lastCount = 24;
/** Clients and reloads at a time. */
const mostAtOnce = 24;
const progressMs = 10_000;

/** Lets clients and faults loose on a stack as the seed has it, and judges what comes of it. */
export async function soak(args: SoakArgs): Promise<SoakReport> {
  const run = new SoakRun(args);
  try {
    return await run.run();
  } finally {
    run.remove();
  }
}

class SoakRun {
  readonly #args: SoakArgs;
  readonly #ledger = new Ledger((violation) => this.#args.onProgress?.(`violated: ${violation}`));
  readonly #watchdog = new Watchdog(overdueMs);
  readonly #faults = new LambdaFaults(this.#ledger, this.#watchdog);
  readonly #project = new SoakProject();
  readonly #runner = new ProgramRunner({ onLine: () => {} });
  readonly #consoleError = console.error;
  readonly #startedAt = performance.now();
  readonly #closed = Promise.withResolvers<void>();
  readonly #timer: NodeJS.Timeout;
  #servedRevision = 0;
  #writtenRevision = 0;
  #mostWorkers = 0;
  #reloading: Promise<void> = Promise.resolve();

  constructor(args: SoakArgs) {
    this.#args = args;
    this.#timer = setInterval(() => args.onProgress?.(this.#progress()), progressMs);
    process.on("unhandledRejection", this.#onRejection);
    console.error = (...what) =>
      this.#ledger.violate(`an error was printed: ${what.map(describe).join(" ")}`);
  }

  async run(): Promise<SoakReport> {
    const { seed, seconds } = this.#args;
    const earlyMs = Math.min(10, seconds / 6) * 1000;
    const start = await resourceLevels();
    const world = await this.#start();
    await this.#live(world, planOf({ seed: seed + 1, durationMs: earlyMs, prefix: "early" }));
    const warm = await this.#quiet();
    await this.#live(world, planOf({ seed, durationMs: seconds * 1000 - earlyMs, prefix: "client" }));
    const quiet = await this.#quiet();
    const { threads } = this.#faults;
    if (quiet.environments !== threads.length)
      this.#ledger.violate(`${quiet.environments} environments, but threads for ${threads}`);
    await this.#close(world, lastClients(seed, lastCount));
    const end = await this.#quiet();
    this.#ledger.judgeEnds();
    const levels = { start, warm, quiet, end };
    for (const violation of levelViolations(levels)) this.#ledger.violate(violation);
    return {
      violations: this.#ledger.violations,
      counts: Object.fromEntries([...this.#ledger.counts].sort()),
      levels,
      mostWorkers: this.#mostWorkers,
      stalls: this.#watchdog.stallCount,
    };
  }

  remove(): void {
    clearInterval(this.#timer);
    console.error = this.#consoleError;
    process.off("unhandledRejection", this.#onRejection);
    this.#faults.stop();
    this.#watchdog.stop();
    this.#project.remove();
  }

  async #start(): Promise<SoakWorld<SoakClient>> {
    const clients = [{ clientId }, { clientId: otherClientId, clientSecret: "a secret of the tests" }];
    const { folder } = this.#project;
    const stackConfig = { ...testStackConfig(), rootDirectory: folder, workingDirectory: folder };
    const stack = await startLocalStack(() => stackConfig, {
      runProgram: (config, hosts) => this.#runner.run(config, { hosts }),
      port: 0,
      userPoolPort: 0,
      limits: { closeTimeoutMs },
      userPool: new UserPool({ userPoolId, clients, users: [], signingKeys }),
      observe: this.#ledger.observe,
      onLog: ({ logicalName, line }) => {
        const id = logicalName === "disconnect" && /"connectionId":"([\w=-]+)"/.exec(line)?.[1];
        if (id) this.#ledger.endLogged(id);
      },
    });
    this.#faults.watch(stack.lambda);
    return {
      stack,
      url: `ws://127.0.0.1:${stack.port}/${stack.apis[0]?.stageName}`,
      ledger: this.#ledger,
      faults: this.#faults,
      watchdog: this.#watchdog,
      closed: this.#closed.promise,
      arrivals: new Set(),
      present: new Set(),
      revisions: () => ({ least: this.#servedRevision, most: this.#writtenRevision }),
    };
  }

  /** Carries out a plan to its end. */
  async #live(
    world: SoakWorld<SoakClient>,
    { clients, faults }: { clients: readonly ClientPlan[]; faults: readonly Fault[] },
  ): Promise<void> {
    const steps = [
      ...clients.map((plan) => ({ atMs: plan.atMs, take: () => this.#clientLife(world, plan) })),
      ...faults.map((fault) => ({ atMs: fault.atMs, take: () => this.#strike(world, fault) })),
    ].sort((a, b) => a.atMs - b.atMs);
    let startedAt = performance.now();
    const lives = new Set<Promise<void>>();
    for (const { atMs, take } of steps) {
      await delay(Math.max(0, startedAt + atMs - performance.now()));
      while (lives.size >= mostAtOnce) await Promise.race(lives);
      // A busy machine makes the soak longer, not denser.
      startedAt = Math.max(startedAt, performance.now() - atMs);
      this.#mostWorkers = Math.max(this.#mostWorkers, this.#faults.threads.length);
      const life = take()
        .catch((error) => this.#ledger.violate(describe(error)))
        .finally(() => lives.delete(life));
      lives.add(life);
    }
    await Promise.all(lives);
  }

  #clientLife(world: SoakWorld<SoakClient>, plan: ClientPlan): Promise<void> {
    return plan.type === "raw" ? liveRaw(plan, world) : new SoakClient(plan, world).live();
  }

  async #strike(world: SoakWorld<SoakClient>, fault: Fault): Promise<void> {
    if (fault.type === "kill") this.#faults.kill(fault.functionName, fault.moment);
    else {
      this.#reloading = this.#reloading.then(() => this.#reload(world, fault.isBroken));
      await this.#reloading;
    }
  }

  /** Has the stack serve the program with another revision, or refuse one that is broken. */
  async #reload({ stack, watchdog, ledger }: SoakWorld<SoakClient>, isBroken: boolean): Promise<void> {
    const revision = this.#writtenRevision + 1;
    if (!isBroken) this.#writtenRevision = revision;
    this.#project.write(revision, isBroken);
    const reload = watchdog.during(`reload to revision ${revision}`, stack.reload());
    const failure = await reload.then(
      () => undefined,
      (error: unknown) => error,
    );
    ledger.count(isBroken ? "reloads of a broken program" : "reloads");
    if (isBroken !== (failure !== undefined))
      ledger.violate(isBroken ? "a broken program was served" : `a reload failed: ${describe(failure)}`);
    if (!isBroken && !failure) this.#servedRevision = revision;
  }

  /** Ends the stack under the last clients. */
  async #close(world: SoakWorld<SoakClient>, clients: readonly ClientPlan[]): Promise<void> {
    const over = this.#live(world, { clients, faults: [] });
    while (clients.some(({ name }) => !world.arrivals.has(name))) await delay(50);
    await this.#end("the stack", world.stack.close());
    this.#closed.resolve();
    await this.#end("the program's runner", this.#runner.close());
    await over;
  }

  async #end(what: string, ending: Promise<void>): Promise<void> {
    await this.#watchdog
      .during(`the end of ${what}`, ending)
      .catch((error) => this.#ledger.violate(describe(error)));
  }

  /** The levels when nothing is pending and no client's socket is open, or as they are if some stay open. */
  async #quiet(): Promise<ResourceLevels> {
    while (this.#watchdog.pending.length > 0) await delay(50);
    const deadline = performance.now() + keepAliveMs;
    while (hasSockets() && performance.now() < deadline) await delay(50);
    return resourceLevels();
  }

  #progress(): string {
    const seconds = Math.round((performance.now() - this.#startedAt) / 1000);
    const of = (what: string) => this.#ledger.counts.get(what) ?? 0;
    return `${seconds} s: ${of("handshake 101")} connections, ${of("answers")} answers, ${of("environments killed")} environments killed, ${of("reloads")} reloads, ${of("violations")} violations, ${this.#watchdog.pending.length} pending, ${this.#faults.threads.length} threads`;
  }

  #onRejection = (error: unknown): void => this.#ledger.violate(`an unhandled rejection: ${describe(error)}`);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
