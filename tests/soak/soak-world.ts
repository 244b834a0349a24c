import type { LocalStack } from "../../local/stack/local-stack.ts";
import type { LambdaFaults } from "./lambda-faults.ts";
import type { Ledger } from "./ledger.ts";
import type { Watchdog } from "./watchdog.ts";

/** What the clients of a soak share. */
export interface SoakWorld<Client = unknown> {
  readonly stack: LocalStack;
  readonly url: string;
  readonly ledger: Ledger;
  readonly faults: LambdaFaults;
  readonly watchdog: Watchdog;
  /** Resolves when the stack is closed. */
  readonly closed: Promise<void>;
  /** Names of the clients whose handshake is over, or as far as it gets. */
  readonly arrivals: Set<string>;
  /** Clients that are connected. */
  readonly present: Set<Client>;
  /** Revisions of the program that an answer may come from. */
  readonly revisions: () => { readonly least: number; readonly most: number };
}
