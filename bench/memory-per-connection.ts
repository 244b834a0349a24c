import type { MemoryUse } from "./load-server.ts";

/** In kB of 1,000 bytes. */
export interface ConnectionMemory {
  readonly heapKb: number;
  readonly rssKb: number;
}

/** What each of some connections added to a process. */
export function memoryPerConnection(
  before: MemoryUse,
  after: MemoryUse,
  connections: number,
): ConnectionMemory {
  const each = (more: number) => more / connections / 1000;
  return {
    heapKb: each(after.heapBytes - before.heapBytes),
    rssKb: each(after.rssBytes - before.rssBytes),
  };
}
