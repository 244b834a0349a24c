import { programError } from "./program-error.ts";
import type { ProcessEnd } from "./program-process.ts";
import type { StackConfig } from "./stack-config.ts";

/** What Pulumi's runner writes for each resource whose registration never came. */
const unregistered = /^ +\* (.+)$/;

/** Why a run failed, by how its process ended; undefined for one that ended well. */
export function endOf(
  { exitCode, signal, errors, stderr }: ProcessEnd,
  stackConfig: StackConfig,
): string | undefined {
  if (errors.length > 0) return errors.map((text) => programError(text, stackConfig)).join("\n");
  if (exitCode === 0) return undefined;
  if (signal) return `the program was ended by signal ${signal}`;
  const waiting = stderr.flatMap((line) => unregistered.exec(line)?.[1] ?? []);
  return waiting.length > 0
    ? `the program ended while a promise that never settles was awaited: ${waiting.join("; ")}`
    : `the program ended with exit code ${exitCode}`;
}
