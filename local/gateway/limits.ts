/** API Gateway's limits for a connection. */
export interface Limits {
  readonly idleMs: number;
  readonly connectionAgeMs: number;
  readonly messageBytes: number;
  /** A longer message comes in several frames. */
  readonly frameBytes: number;
  /** Local only: messages of one connection that wait for their turn before its socket is paused. */
  readonly waitingMessages: number;
  /** Local only: how long a client may take to answer a close before its socket is cut. */
  readonly closeTimeoutMs: number;
}

export const awsLimits: Limits = {
  idleMs: 10 * 60_000,
  connectionAgeMs: 2 * 60 * 60_000,
  messageBytes: 128 * 1024,
  frameBytes: 32 * 1024,
  waitingMessages: 64,
  closeTimeoutMs: 1000,
};
