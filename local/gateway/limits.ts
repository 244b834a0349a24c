/** API Gateway's limits for an account in a region, and for a connection. */
export interface Limits {
  /** New connections of all APIs per second. */
  readonly connectRateLimit: number;
  /** New connections of all APIs at once. */
  readonly connectBurstLimit: number;
  /** Requests of all APIs per second: handshakes, messages and calls of `@connections`. */
  readonly requestRateLimit: number;
  /** The same at once. */
  readonly requestBurstLimit: number;
  readonly idleMs: number;
  readonly connectionAgeMs: number;
  readonly messageBytes: number;
  /** A longer message comes in several frames. */
  readonly frameBytes: number;
  /** Local only: messages of one connection that wait for their turn before its socket is paused. */
  readonly waitingMessages: number;
  /**
   * Local only: bytes that may wait for a client to read them. Above, its messages are left in its socket, and
   * `@connections` answers LimitExceededException.
   */
  readonly bufferedBytes: number;
  /** Local only: how long a client may take to answer a close before its socket is cut. */
  readonly closeTimeoutMs: number;
}

/** AWS publishes no burst for new connections; as many as in a second is an assumption. */
const assumedConnectBurstLimit = 500;

export const awsLimits: Limits = {
  connectRateLimit: 500,
  connectBurstLimit: assumedConnectBurstLimit,
  requestRateLimit: 10_000,
  requestBurstLimit: 5_000,
  idleMs: 10 * 60_000,
  connectionAgeMs: 2 * 60 * 60_000,
  messageBytes: 128 * 1024,
  frameBytes: 32 * 1024,
  waitingMessages: 64,
  bufferedBytes: 1024 * 1024,
  closeTimeoutMs: 1000,
};
