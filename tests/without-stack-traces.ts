const { stackTraceLimit } = Error;
let runs = 0;

/** Runs a program in much less than half the time: Pulumi writes out a stack trace for each promise. Errors have none. */
export async function withoutStackTraces<T>(run: () => Promise<T>): Promise<T> {
  runs++;
  Error.stackTraceLimit = 0;
  try {
    return await run();
  } finally {
    if (--runs === 0) Error.stackTraceLimit = stackTraceLimit;
  }
}
