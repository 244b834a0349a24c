import type { ProcessEnd } from "./program-process.ts";
import type { StackConfig } from "./stack-config.ts";

/** Why a run failed, by how its process ended; undefined for one that ended well. */
export function endOf(
  { exitCode, signal, errors, stderr }: ProcessEnd,
  stackConfig: StackConfig,
): string | undefined {
  if (errors.length > 0) return errors.map((text) => programError(text, stackConfig)).join("\n");
  if (exitCode === 0) return undefined;
  if (signal) return `the program was ended by signal ${signal}`;
  return [`the program ended with exit code ${exitCode}`, ...stderr].join("\n");
}

export function programError(text: string, _stackConfig: StackConfig): string {
  return text;
}
