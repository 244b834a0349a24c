/** Parameter to its values. */
export type Parameters = Readonly<Record<string, readonly string[]>>;
/** One value for each parameter. */
export type Combination = Readonly<Record<string, string>>;
/** Parameter and value, twice. */
export type Pair = readonly [string, string, string, string];

/**
 * Few combinations in which any two values of different parameters meet that go together. Each is filled greedily, with
 * the values that meet most others for the first time; so every parameter needs a value that goes with all others.
 */
export function pairwise(parameters: Parameters, goTogether: (...pair: Pair) => boolean): Combination[] {
  const open = new Map(pairsOf(parameters, goTogether).map((pair) => [pair.join("\n"), pair]));
  const combinations: Combination[] = [];
  for (let [pair] = open.values(); pair !== undefined; [pair] = open.values()) {
    const [name, value, otherName, otherValue] = pair;
    const combination = fill({ [name]: value, [otherName]: otherValue }, parameters, goTogether, open);
    for (const [key] of open) if (meet(combination, key)) open.delete(key);
    combinations.push(combination);
  }
  return combinations;
}

/** Every two values of different parameters that go together. */
export function pairsOf(parameters: Parameters, goTogether: (...pair: Pair) => boolean): Pair[] {
  const names = Object.keys(parameters);
  return names.flatMap((name, i) =>
    names
      .slice(i + 1)
      .flatMap((otherName) =>
        (parameters[name] ?? []).flatMap((value) =>
          (parameters[otherName] ?? [])
            .map((otherValue): Pair => [name, value, otherName, otherValue])
            .filter((pair) => goTogether(...pair)),
        ),
      ),
  );
}

function fill(
  start: Combination,
  parameters: Parameters,
  goTogether: (...pair: Pair) => boolean,
  open: ReadonlyMap<string, Pair>,
): Combination {
  const combination: Record<string, string> = { ...start };
  for (const [name, values] of Object.entries(parameters)) {
    if (name in combination) continue;
    const others = Object.entries(combination);
    const possible = values.filter((value) =>
      others.every(([other, chosen]) => goTogether(name, value, other, chosen)),
    );
    const isOpen =
      (value: string) =>
      ([other, chosen]: [string, string]) =>
        open.has([name, value, other, chosen].join("\n")) ||
        open.has([other, chosen, name, value].join("\n"));
    const gains = possible.map((value) => others.filter(isOpen(value)).length);
    const best = possible[gains.indexOf(Math.max(...gains))];
    if (best === undefined) throw new Error(`no value of ${name} goes with ${JSON.stringify(combination)}`);
    combination[name] = best;
  }
  return combination;
}

function meet(combination: Combination, key: string): boolean {
  const [name = "", value, otherName = "", otherValue] = key.split("\n");
  return combination[name] === value && combination[otherName] === otherValue;
}
