import { progress } from "./report.ts";
import type { Rounds } from "./rounds.ts";

export interface Contender<T> {
  readonly name: string;
  run(): Promise<T>;
}

/** Runs all contenders in turn, round after round, so that whatever else the machine does slows them all alike. */
export async function interleave<T>(
  what: string,
  rounds: number,
  contenders: readonly Contender<T>[],
): Promise<Rounds<T>> {
  const values = new Map<string, T[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    progress(what, round, rounds);
    for (const { name, run } of contenders) values.get(name)?.push(await run());
  }
  return values;
}
