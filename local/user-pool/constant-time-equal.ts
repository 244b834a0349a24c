import { timingSafeEqual } from "node:crypto";

/** Compares a secret with what a client sent, in a time that tells at most whether their lengths differ. */
export function constantTimeEqual(expected: string, received: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(received)];
  return a.length === b.length && timingSafeEqual(a, b);
}
