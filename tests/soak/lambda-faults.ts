import type { Worker } from "node:worker_threads";
import type { InvokeResult, LambdaService } from "../../local/lambda/lambda-service.ts";
import { isFunctionName } from "./function-names.ts";
import type { Ledger } from "./ledger.ts";
import type { Watchdog } from "./watchdog.ts";

interface Kill {
  readonly functionName: string;
  readonly from: number;
  /** When the last of the threads was gone. */
  to: number;
}

/** What the soak reads in the events that functions get. */
interface FunctionEvent {
  readonly type?: "REQUEST";
  readonly requestContext: {
    readonly connectionId: string;
    readonly routeKey: string;
    readonly eventType: "CONNECT" | "MESSAGE" | "DISCONNECT";
    readonly disconnectStatusCode?: number;
  };
  readonly body?: string;
}

/** Kills execution environments, and sees each invocation: it fails if it was hit or asked to, and never else. */
export class LambdaFaults {
  readonly #ledger: Ledger;
  readonly #watchdog: Watchdog;
  readonly #workers = new Map<Worker, string>();
  readonly #kills: Kill[] = [];
  /** Functions whose next invocation is hit. */
  readonly #marked = new Set<string>();

  constructor(ledger: Ledger, watchdog: Watchdog) {
    this.#ledger = ledger;
    this.#watchdog = watchdog;
    process.on("worker", this.#add);
  }

  /** Names of the threads that run functions now. */
  get threads(): readonly string[] {
    return [...this.#workers.values()].filter(isFunctionName);
  }

  /** Stands between the gateway and the functions. */
  watch(lambda: LambdaService): void {
    const invoke = lambda.invoke.bind(lambda);
    lambda.invoke = (functionArn, event) =>
      this.#invoke(() => invoke(functionArn, event), event as FunctionEvent);
  }

  /** Kills all environments of a function, now or during its next invocation. */
  kill(functionName: string, moment: "now" | "busy"): void {
    if (moment === "busy") this.#marked.add(functionName);
    else this.#killAll(functionName);
  }

  /** Whether a kill fell into this time. */
  wasHit(functionName: string, from: number, to: number): boolean {
    return this.#kills.some(
      (kill) => kill.functionName === functionName && kill.from <= to && kill.to >= from,
    );
  }

  stop(): void {
    process.off("worker", this.#add);
  }

  #add = (worker: Worker): void => {
    // Before 24.6, Node does not tell the name: then nothing is killed.
    this.#workers.set(worker, worker.threadName ?? "unknown");
    worker.once("exit", () => this.#workers.delete(worker));
  };

  #killAll(functionName: string): void {
    for (const [worker, name] of this.#workers) {
      if (name !== functionName) continue;
      const kill: Kill = { functionName, from: performance.now(), to: Number.POSITIVE_INFINITY };
      this.#kills.push(kill);
      this.#ledger.count("environments killed");
      worker.once("exit", () => {
        kill.to = performance.now();
      });
      void worker.terminate();
    }
  }

  async #invoke(call: () => Promise<InvokeResult>, event: FunctionEvent): Promise<InvokeResult> {
    const functionName = functionNameOf(event);
    const { connectionId, eventType, disconnectStatusCode = 0 } = event.requestContext;
    if (eventType === "DISCONNECT") this.#ledger.disconnected(connectionId, disconnectStatusCode);
    if (this.#marked.delete(functionName)) setImmediate(() => this.#killAll(functionName));
    const from = performance.now();
    const result = await this.#watchdog.during(`${functionName} for ${connectionId}`, call());
    if (result.ok || isRefusal(event, result)) return result;
    this.#ledger.count(`failed invocations (${result.kind})`);
    if (eventType === "MESSAGE") this.#ledger.messageFailed(connectionId);
    if (eventType === "DISCONNECT") this.#ledger.endFailed(connectionId);
    if (!this.#isExcused(event, result, from))
      this.#ledger.violate(
        `${functionName} for ${connectionId} failed without a cause: ${result.kind}, ${result.errorMessage}`,
      );
    return result;
  }

  #isExcused(event: FunctionEvent, result: InvokeResult & { ok: false }, from: number): boolean {
    const isTimeout = result.kind === "timeout";
    const { body = "" } = event;
    if (body.includes('"fault":') && isTimeout === body.includes('"hanging"')) return true;
    const now = performance.now();
    return isTimeout ? this.#watchdog.wasStalled(from, now) : this.wasHit(functionNameOf(event), from, now);
  }
}

function functionNameOf({ type, requestContext }: FunctionEvent): string {
  return type === "REQUEST" ? "authorizer" : requestContext.routeKey.replace("$", "");
}

/** How an authorizer refuses a token. */
function isRefusal({ type }: FunctionEvent, result: InvokeResult & { ok: false }): boolean {
  return type === "REQUEST" && result.kind === "error" && result.errorMessage === "Unauthorized";
}
