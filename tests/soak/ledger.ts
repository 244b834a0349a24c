import type { GatewayEvent } from "../../local/gateway/gateway-event.ts";

interface Opened {
  readonly username: string;
  /** Codes that `$disconnect` was told, one for each time. */
  readonly told: number[];
  /** Messages whose invocation failed and of which the client was not told yet. */
  failures: number;
}

const shownViolations = 20;

/** What is known of every connection, what happened how often, and what should not have. */
export class Ledger {
  readonly counts = new Map<string, number>();
  readonly violations: string[] = [];
  readonly #opened = new Map<string, Opened>();
  readonly #refused = new Set<string>();
  readonly #ids = new Map<string, string>();
  readonly #expectedCodes = new Map<string, readonly number[]>();
  readonly #loggedEnds = new Set<string>();
  readonly #failedEnds = new Set<string>();
  readonly #onViolation: (violation: string) => void;

  constructor(onViolation: (violation: string) => void) {
    this.#onViolation = onViolation;
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  violate(what: string): void {
    this.count("violations");
    if (this.violations.length >= shownViolations) return;
    this.violations.push(what);
    this.#onViolation(what);
  }

  /** What the gateway tells of a handshake. */
  observe = (event: GatewayEvent): void => {
    if (event.type !== "handshake") return;
    const { connectionId, status, username = "" } = event;
    this.count(`handshake ${status}`);
    if (status !== 101) {
      this.#refused.add(connectionId);
      return;
    }
    if (this.#ids.has(username)) this.violate(`${username} got a second connection, ${connectionId}`);
    this.#ids.set(username, connectionId);
    this.#opened.set(connectionId, { username, told: [], failures: 0 });
  };

  /** The connection of a client whose handshake the gateway has accepted. */
  connectionOf(username: string): string | undefined {
    return this.#ids.get(username);
  }

  /** Which codes `$disconnect` may be told of this client's end. */
  expectEnd(username: string, codes: readonly number[]): void {
    this.#expectedCodes.set(username, codes);
  }

  /** An invocation of `$disconnect`. */
  disconnected(connectionId: string, code: number): void {
    this.count(`$disconnect ${code}`);
    const opened = this.#opened.get(connectionId);
    if (!opened) this.violate(`$disconnect for ${connectionId}, which never opened`);
    opened?.told.push(code);
  }

  /** A `$disconnect` whose environment was killed: it may not have come to its log line. */
  endFailed(connectionId: string): void {
    this.#failedEnds.add(connectionId);
  }

  /** A log line of the `$disconnect` function. */
  endLogged(connectionId: string): void {
    if (this.#loggedEnds.has(connectionId)) this.violate(`${connectionId} is in $disconnect's log twice`);
    this.#loggedEnds.add(connectionId);
  }

  /** A message's invocation failed, so that its client must get an error frame. */
  messageFailed(connectionId: string): void {
    const opened = this.#opened.get(connectionId);
    if (opened) opened.failures += 1;
    else this.violate(`a message of ${connectionId}, which never opened`);
  }

  /** Whether an invocation failed for this error frame; asking takes it. */
  takeFailure(connectionId: string): boolean {
    const opened = this.#opened.get(connectionId);
    if (!opened || opened.failures === 0) return false;
    opened.failures -= 1;
    return true;
  }

  /** Judges the ends of all connections, which must be over. */
  judgeEnds(): void {
    for (const [connectionId, { username, told }] of this.#opened) {
      const who = `${username} (${connectionId})`;
      const [code = 0] = told;
      if (told.length !== 1) this.violate(`${who}: ${told.length} $disconnects, codes ${told}`);
      else if (!this.#codesOf(username).includes(code))
        this.violate(`${who}: $disconnect was told ${code}, not ${this.#codesOf(username)}`);
      if (!this.#loggedEnds.has(connectionId) && !this.#failedEnds.has(connectionId))
        this.violate(`${who} is not in $disconnect's log`);
    }
    for (const id of this.#loggedEnds)
      if (this.#refused.has(id)) this.violate(`${id} was refused, and $disconnect's log has it`);
  }

  #codesOf(username: string): readonly number[] {
    return this.#expectedCodes.get(username) ?? [];
  }
}
