/**
 * Runs one at a time. Calls during a run share one more run after it, which sees all that led to them; it takes
 * place whether the run before it failed or not.
 */
export function coalesced<T>(run: () => Promise<T>): () => Promise<T> {
  let latest: Promise<unknown> = Promise.resolve();
  let waiting: Promise<T> | undefined;
  return () => {
    if (waiting) return waiting;
    const next = latest
      .catch(() => {})
      .then(() => {
        waiting = undefined;
        return run();
      });
    waiting = next;
    latest = next;
    return next;
  };
}
