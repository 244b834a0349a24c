import type { ResourceChange } from "../../graph/graph-changes.ts";
import type { ConsoleReporter } from "../../screen/console-reporter.ts";
import type { LocalStack } from "../../stack/local-stack.ts";

/** An engine is done when nothing has changed for this long. */
const quietMs = 1000;

/** Tells of each change of the account as it happens, and of what is served then when the engine is done. */
export class ChangeReport {
  readonly #reporter: ConsoleReporter;
  readonly #quietMs: number;
  readonly #told = new Set<string>();
  #stack: LocalStack | undefined;
  #served = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(reporter: ConsoleReporter, quiet = quietMs) {
    this.#reporter = reporter;
    this.#quietMs = quiet;
  }

  /** @param stack that serves the account */
  watch(stack: LocalStack): void {
    this.#stack = stack;
  }

  change = ({ operation, resource, properties }: ResourceChange): void => {
    this.#reporter.change(operation, resource, properties);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), this.#quietMs).unref();
  };

  /** Connections that a change has closed. */
  closed(connections: number): void {
    if (connections > 0)
      this.#reporter.warning(
        `closed with their stage: ${connections} ${connections > 1 ? "connections" : "connection"}`,
      );
  }

  close = async (): Promise<void> => clearTimeout(this.#timer);

  #tell() {
    const stack = this.#stack;
    if (!stack) return;
    const urls = stack.apis.map(({ stageName }) => `ws://localhost:${stack.port}/${stageName}`);
    const pools = stack.declaredPools.declared.map(({ id }) => `user pool ${id}`);
    const served = [...urls, ...pools];
    if (served.join() !== this.#served) this.#reporter.served(served);
    this.#served = served.join();
    for (const warning of stack.warnings) {
      if (!this.#told.has(warning)) this.#reporter.warning(warning);
      this.#told.add(warning);
    }
  }
}
