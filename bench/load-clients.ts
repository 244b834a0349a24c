import { Child } from "./child.ts";

export interface Endpoint {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What processes/load-clients.ts does: open connections to a server, exchange messages over all of them, close them. */
export type ClientCommand = { readonly server: string } & (
  | { readonly type: "open"; readonly endpoint: Endpoint; readonly count: number; readonly atOnce: number }
  | { readonly type: "exchange"; readonly depth: number; readonly durationMs: number }
  | { readonly type: "close"; readonly atOnce: number }
);

type Reply = { readonly value: number } | { readonly failure: string };

/** More would make functions' pools grow by threads that this machine cannot run. */
const defaultAtOnce = 8;

/** WebSocket clients in a process of their own, so that they share no event loop with a server. */
export class LoadClients {
  readonly #child = new Child("load-clients");

  /** Opens connections, some at a time. @returns milliseconds */
  open(server: string, endpoint: Endpoint, count: number, atOnce = defaultAtOnce): Promise<number> {
    return this.#execute({ type: "open", server, endpoint, count, atOnce });
  }

  /**
   * Keeps `depth` messages of each connection under way, and checks every answer.
   * @returns answers per second
   */
  exchange(server: string, depth: number, durationMs: number): Promise<number> {
    return this.#execute({ type: "exchange", server, depth, durationMs });
  }

  /** Closes all connections to a server, some at a time. @returns how many */
  close(server: string, atOnce = defaultAtOnce): Promise<number> {
    return this.#execute({ type: "close", server, atOnce });
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }

  async #execute(command: ClientCommand): Promise<number> {
    const reply = await this.#child.request<Reply>(command);
    if ("failure" in reply) throw new Error(reply.failure);
    return reply.value;
  }
}
