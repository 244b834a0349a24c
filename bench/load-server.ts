import { Child } from "./child.ts";
import type { Endpoint } from "./load-clients.ts";

/** What processes/load-server.ts answers: CPU microseconds so far, connections that have ended, or a `MemoryUse`. */
export type ServerRequest = "cpu" | "disconnects" | "memory";

export interface ServerAddresses {
  readonly gatewayUrl: string;
  readonly bareUrl: string;
  readonly token: string;
  readonly functions: readonly ServedFunction[];
}

/** A function as the program deploys it. */
export interface ServedFunction {
  readonly name: string;
  readonly code: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** After garbage collection. The heap is that of the main thread, with what it holds outside of it. */
export interface MemoryUse {
  readonly rssBytes: number;
  readonly heapBytes: number;
}

/** A process with the local gateway, and with a bare `ws` server that calls the same functions. */
export class LoadServer {
  readonly gateway: Endpoint;
  readonly bare: Endpoint;
  readonly functions: readonly ServedFunction[];
  readonly #child: Child;

  private constructor(child: Child, { gatewayUrl, bareUrl, token, functions }: ServerAddresses) {
    this.#child = child;
    this.gateway = { url: gatewayUrl, headers: { Authorization: `Bearer ${token}` } };
    this.bare = { url: bareUrl, headers: {} };
    this.functions = functions;
  }

  /** @param connect whether `$connect` calls the authorizer and its function, or lets everybody in by itself */
  static async start(connect: "guarded" | "open" = "guarded"): Promise<LoadServer> {
    const child = new Child("load-server", [connect], ["--expose-gc"]);
    return new LoadServer(child, await child.message<ServerAddresses>());
  }

  memory(): Promise<MemoryUse> {
    return this.#child.request("memory");
  }

  /** Microseconds of CPU time that all its threads have taken. */
  cpu(): Promise<number> {
    return this.#child.request("cpu");
  }

  /** Waits until `$disconnect` was handled for this many connections since the start. */
  async untilDisconnected(count: number): Promise<void> {
    while ((await this.#child.request<number>("disconnects")) < count)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}
