import { type Need, requireNeeds, type Target, type TargetWith } from "./target.ts";

/**
 * Where a fact is from: documentation of AWS or a standard that it keeps to, an observation on AWS that was published,
 * nobody yet (so that a run against a deployed stack tells), or this project's own rules.
 */
export type Source = "documented" | "observed" | "unconfirmed" | "this project";

/** One fact, and what proves it on any endpoint. */
export interface ConformanceCase {
  /** Present tense, and no other case has it. */
  readonly fact: string;
  readonly source: Source;
  /** What it needs beyond an endpoint and an access token; without, it is skipped. */
  readonly needs: readonly Need[];
  /** Rejects if it is not so, or if the target lacks what it needs. */
  run(target: Target): Promise<void>;
}

/** Makes cases that need no more than an endpoint and an access token. */
export const fact = factWith();

/** Makes cases that need more, which their targets then have. */
export function factWith<N extends Need = never>(...needs: N[]) {
  return (text: string, source: Source, run: (target: TargetWith<N>) => Promise<void>): ConformanceCase => ({
    fact: text,
    source,
    needs,
    run: async (target) => run(requireNeeds(target, needs)),
  });
}
