import type { Context } from "mocha";

/**
 * What the tests of a suite need of this machine, as found; where it is absent, skips them and says why on stderr.
 * Called in the suite's `before`, so that it says so once.
 */
export function skipWithout<T>(context: Context, found: T | undefined, absence: string): T {
  if (found !== undefined) return found;
  console.error(`skipped: ${context.test?.parent?.fullTitle()}: ${absence}`);
  context.skip();
}
