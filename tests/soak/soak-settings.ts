export interface SoakSettings {
  readonly seed: number;
  readonly seconds: number;
}

/** SOAK_SEED and SOAK_SECONDS, or these defaults. */
export function soakSettings(defaults: SoakSettings): SoakSettings {
  return {
    seed: wholeNumber("SOAK_SEED", defaults.seed),
    seconds: wholeNumber("SOAK_SECONDS", defaults.seconds),
  };
}

/** The command that does the same again. */
export function replayCommand({ seed, seconds }: SoakSettings): string {
  return `SOAK_SEED=${seed} SOAK_SECONDS=${seconds} npm run soak`;
}

function wholeNumber(name: string, value: number): number {
  const text = process.env[name] ?? String(value);
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} must be a whole number, not ${text}`);
  return Number(text);
}
