/** What has not ended this long after Ctrl-C is cut short. */
const closeLimitMs = 3000;

/**
 * Closes all of these on Ctrl-C, and ends the process.
 * npm passes Ctrl-C on although the terminal has already sent it here, so a second signal means nothing.
 * @returns aborted from then on
 */
export function closeOnSignal(parts: readonly { close(): Promise<void> }[]): AbortSignal {
  const closing = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (closing.signal.aborted) return;
      closing.abort();
      const end = () => process.exit(0);
      setTimeout(end, closeLimitMs);
      void Promise.allSettled(parts.map((part) => part.close())).then(end);
    });
  return closing.signal;
}
