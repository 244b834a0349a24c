/** The time in milliseconds, from any beginning. */
export type Clock = () => number;

/**
 * A throttle as API Gateway declares it: `burst` requests at once, refilled at `rate` per second.
 * @returns whether one more request is admitted now; asking takes it
 */
export function tokenBucket(
  rate: number,
  burst: number,
  clock: Clock = () => performance.now(),
): () => boolean {
  let tokens = burst;
  let filledAt = clock();
  return () => {
    const now = clock();
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * rate);
    filledAt = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
