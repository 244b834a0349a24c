import { stripVTControlCharacters } from "node:util";
import type { GatewayEvent } from "../gateway/gateway-event.ts";
import type { ReportLine } from "../screen/report-line.ts";

/** A line as the page reads it, in JSON: a string of its own, which keeps no long message in memory. */
export interface JournalLine {
  /** Counts from 1. */
  readonly id: number;
  readonly json: string;
}

/** A connection that is open. */
export interface OpenConnection {
  readonly connectionId: string;
  /** Whom the authorizer named, if there is one. */
  readonly user: string | undefined;
  readonly openedAt: number;
  readonly tokenExpiresAt: number | undefined;
}

/** Characters of a line; of a message there are fewer. */
const lineLimit = 2000;

/** Keeps the latest lines of what happens, and which connections are open: in memory, for one run. */
export class Journal {
  readonly #limit: number;
  readonly #now: () => number;
  readonly #lines: JournalLine[] = [];
  readonly #connections = new Map<string, OpenConnection>();
  readonly #followers = new Set<() => void>();
  #lastId = 0;
  #connectionChanges = 0;

  /** @param limit lines that are kept */
  constructor(limit = 500, now = Date.now) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Grows with each connection that is opened or closed. */
  get connectionChanges(): number {
    return this.#connectionChanges;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** The connections that were opened last, the latest first. */
  latestConnections(count: number): OpenConnection[] {
    return [...this.#connections.values()].slice(-count).reverse();
  }

  line = ({ details, text, ...line }: ReportLine): void => {
    const told = stripVTControlCharacters([...details, text].filter(Boolean).join("  "));
    const cut = told.length > lineLimit ? `${told.slice(0, lineLimit)}…` : told;
    this.#lines.push({
      id: ++this.#lastId,
      json: JSON.stringify({ at: this.#now(), ...line, text: cut }),
    });
    if (this.#lines.length > this.#limit) this.#lines.shift();
    this.#tell();
  };

  gateway = (event: GatewayEvent): void => {
    const { type, connectionId } = event;
    if (type === "handshake" && event.status === 101)
      this.#connections.set(connectionId, {
        connectionId,
        user: event.username ?? event.principalId,
        openedAt: this.#now(),
        tokenExpiresAt: event.expiresAt,
      });
    else if (type !== "closed" || !this.#connections.delete(connectionId)) return;
    this.#connectionChanges++;
    this.#tell();
  };

  /** What is kept of the lines after this one. @param id 0 for all */
  since(id: number): readonly JournalLine[] {
    const kept = this.#lastId - this.#lines.length;
    return this.#lines.slice(Math.max(0, id - kept));
  }

  /** Calls at each line and each change of a connection. @returns a function that ends it */
  follow(follower: () => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  #tell() {
    for (const follower of this.#followers) follower();
  }
}
