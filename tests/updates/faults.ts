import type { Update } from "../engine/pulumi-stack.ts";
import type { Fault, ProviderCall, UpdateLab } from "./update-lab.ts";

/** What a command came to that met faults, and the runs after it. */
export interface FaultyRun {
  /** Calls that failed, like `create Stage websocket`. */
  readonly failed: readonly string[];
  /** How many runs it took until one finished. */
  readonly runs: number;
  readonly lost: readonly string[];
  readonly last: Update;
}

const mostRuns = 40;

/** Fails each call of the provider once, before it does anything, and runs the command until it finishes. */
export async function failEachOnce(lab: UpdateLab, run: () => Promise<Update>): Promise<FaultyRun> {
  const failed = new Set<string>();
  lab.fault = (call) => {
    const label = labelOf(call);
    if (failed.has(label)) return undefined;
    failed.add(label);
    throw new Error("ServiceUnavailable: a fault of the test");
  };
  try {
    const lost: string[] = [];
    for (let runs = 1; ; runs++) {
      const watched = await lab.watch(run);
      lost.push(...watched.lost);
      if (watched.update.exitCode === 0 || runs === mostRuns)
        return { failed: [...failed], runs, lost: [...new Set(lost)], last: watched.update };
    }
  } finally {
    lab.fault = noFault;
  }
}

/** Runs the command, and sends a signal to the CLI at the nth change of the account. */
export async function interruptAt(
  lab: UpdateLab,
  n: number,
  signal: NodeJS.Signals,
  run: () => Promise<Update>,
): Promise<{ readonly at: string; readonly update: Update }> {
  let count = 0;
  let at = "";
  lab.fault = (call) => {
    if (++count === n) {
      at = labelOf(call);
      lab.backend.interrupt(signal);
    }
    return undefined;
  };
  try {
    return { update: await run(), at };
  } finally {
    lab.fault = noFault;
  }
}

export const noFault: Fault = () => undefined;

export function labelOf({ operation, urn }: ProviderCall): string {
  const [type = "", name = ""] = urn.split("::").slice(2);
  return `${operation} ${type.split(":").at(-1)} ${name}`;
}
