/** What each contender measured, by name: one value for each round. */
export type Rounds<T> = ReadonlyMap<string, readonly T[]>;

/** The same rounds, with one figure taken out of each value. */
export function pick<T>(rounds: Rounds<T>, figure: (value: T) => number): Rounds<number> {
  return new Map([...rounds].map(([name, values]) => [name, values.map(figure)]));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** The median of the rounds' ratios, each of two values measured one after the other. */
export function ratio(rounds: Rounds<number>, subject: string, other: string): number {
  const others = valuesOf(rounds, other);
  return median(valuesOf(rounds, subject).map((value, round) => value / (others[round] ?? Number.NaN)));
}

export function valuesOf(rounds: Rounds<number>, name: string): readonly number[] {
  const values = rounds.get(name);
  if (!values) throw new Error(`nothing was measured for ${name}`);
  return values;
}
