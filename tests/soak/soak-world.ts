import type { LocalStack } from "../../local/stack/local-stack.ts";
import { accessToken, now, otherClientId, strangersKeys } from "../token-factory.ts";
import type { LambdaFaults } from "./lambda-faults.ts";
import type { Ledger } from "./ledger.ts";
import type { TokenKind } from "./plan.ts";
import type { SoakClient } from "./soak-client.ts";
import type { Watchdog } from "./watchdog.ts";

/** What the clients of a soak share. */
export interface SoakWorld {
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
  readonly present: Set<SoakClient>;
  /** Revisions of the program that an answer may come from. */
  readonly revisions: () => { readonly least: number; readonly most: number };
}

export function tokenOf(kind: Exclude<TokenKind, "none">, username: string): string {
  if (kind === "garbage") return "not.a.token";
  if (kind === "forged") return accessToken({ username }, {}, strangersKeys.access);
  if (kind === "expired") return accessToken({ username, iat: now() - 7200, exp: now() - 3600 });
  if (kind === "otherPool")
    return accessToken({ username, iss: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Another" });
  return accessToken({ username, client_id: otherClientId });
}
