import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { BundledAuthorizer, BundledAuthorizers } from "./bundled-authorizers.ts";
import { interleave } from "./interleave.ts";
import { progress } from "./report.ts";
import type { Rounds } from "./rounds.ts";

const script = fileURLToPath(new URL("processes/warm-decisions.cjs", import.meta.url));
const warmUpCount = 10_000;
const batchSize = 250;
const rounds = 60;

/** Microseconds of one decision, after many: a process for each authorizer, which decide in turn. */
export async function decideWarm(what: string, bundled: BundledAuthorizers): Promise<Rounds<number>> {
  const deciders = bundled.authorizers.map((authorizer) => new Decider(authorizer, bundled));
  try {
    progress(`${what}, warm-up`);
    for (const decider of deciders) await decider.decide(warmUpCount);
    return await interleave(
      what,
      rounds,
      deciders.map((decider) => ({ name: decider.name, run: () => decider.decide(batchSize) })),
    );
  } finally {
    for (const decider of deciders) decider.close();
  }
}

class Decider {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #failure: Promise<never>;

  constructor({ name, path }: BundledAuthorizer, { environment, eventsFile }: BundledAuthorizers) {
    this.name = name;
    this.#process = fork(script, [path, eventsFile], {
      env: environment,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#failure = once(this.#process, "exit").then(() => {
      throw new Error(`${name} did not accept a good token`);
    });
    this.#failure.catch(() => {});
  }

  /** @returns microseconds each */
  async decide(count: number): Promise<number> {
    this.#process.send(count);
    const [ms] = await Promise.race([once(this.#process, "message"), this.#failure]);
    return (ms / count) * 1000;
  }

  close(): void {
    this.#process.kill();
  }
}
