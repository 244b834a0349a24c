import type { ConformanceCase } from "./conformance-case.ts";
import { missingNeeds, type Need, type Target } from "./target.ts";

/** What became of a case. */
export type Outcome =
  | { readonly state: "passed" }
  | { readonly state: "failed"; readonly error: unknown }
  | { readonly state: "skipped"; readonly missing: readonly Need[] };

export interface RunOptions {
  /** Cases at once. */
  readonly concurrency: number;
  /** How long a case may take, unless it needs `slow`. */
  readonly limitMs: number;
}

/** For a deployed stack. */
export const deployedRunOptions: RunOptions = { concurrency: 8, limitMs: 30_000 };

const slowLimitMs = 2.2 * 60 * 60_000;

/** Starts every case in order, as many at once as allowed, and promises what becomes of each. No promise rejects. */
export function runCases(
  cases: readonly ConformanceCase[],
  target: Target,
  { concurrency, limitMs }: RunOptions,
): ReadonlyMap<ConformanceCase, Promise<Outcome>> {
  const outcomes = new Map(cases.map((one) => [one, Promise.withResolvers<Outcome>()]));
  const queue = [...outcomes];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [one, { resolve }] = next;
      resolve(await outcomeOf(one, target, one.needs.includes("slow") ? slowLimitMs : limitMs));
    }
  };
  for (let i = 0; i < concurrency; i++) void work();
  return new Map([...outcomes].map(([one, { promise }]) => [one, promise]));
}

async function outcomeOf(one: ConformanceCase, target: Target, limitMs: number): Promise<Outcome> {
  const missing = missingNeeds(target, one.needs);
  if (missing.length > 0) return { state: "skipped", missing };
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${limitMs / 1000} s`)), limitMs);
  });
  try {
    await Promise.race([one.run(target), limit]);
    return { state: "passed" };
  } catch (error) {
    return { state: "failed", error };
  } finally {
    clearTimeout(timer);
  }
}
