import { EventEmitter, once } from "node:events";
import { Callers } from "../../local/account/callers.ts";
import type { DeployedApi, DeployedRoute } from "../../local/gateway/deployed-api.ts";
import type { FunctionCaller } from "../../local/gateway/function-caller.ts";
import { Gateway, type GatewayArgs } from "../../local/gateway/gateway.ts";
import type { GatewayEvent } from "../../local/gateway/gateway-event.ts";
import type { InvokeResult } from "../../local/lambda/invocation.ts";
import { graphOf } from "../resource-graph.ts";
import { api } from "./api-fixture.ts";

/** A route to the function of its own key, open to all, that replies; other members in place of these. */
export function proxyRoute(routeKey: string, others: Partial<DeployedRoute> = {}): DeployedRoute {
  return {
    routeKey,
    authorizer: undefined,
    integration: {
      type: "AWS_PROXY",
      target: { functionArn: routeKey, sourceArn: `${api.stageArn}/${routeKey}` },
      timeoutMs: 1000,
    },
    admits: () => true,
    allows: () => true,
    replies: true,
    ...others,
  };
}

/** What a function answers to an event; functions are known by their routes' keys. */
export type Functions = Readonly<Record<string, (event: FunctionEvent) => unknown>>;

export interface FunctionEvent {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestContext: Readonly<Record<string, unknown>>;
  readonly [member: string]: unknown;
}

export interface ServedApiArgs extends Pick<Partial<GatewayArgs>, "limits" | "clock" | "pages"> {
  readonly api?: DeployedApi;
  readonly routes?: readonly DeployedRoute[];
  readonly functions?: Functions;
}

/** A gateway whose functions run here, with all that they were called with. */
export class ServedApi {
  readonly calls: (readonly [functionArn: string, event: FunctionEvent])[] = [];
  readonly events: GatewayEvent[] = [];
  readonly #arrivals = new EventEmitter().setMaxListeners(0);
  readonly #gateway: Gateway;
  readonly #stageName: string;
  port = 0;

  constructor({ api: served = api, routes = [], functions = {}, ...options }: ServedApiArgs) {
    this.#stageName = served.stageName;
    const own = new Map(routes.map((route) => [route.routeKey, route]));
    const caller: FunctionCaller = {
      permits: () => true,
      invoke: (functionArn, event) => this.#invoke(functions, functionArn, event as FunctionEvent),
    };
    this.#gateway = new Gateway({
      apis: [routes.length > 0 ? { ...served, routes: own } : served],
      callers: new Callers(graphOf()),
      region: "us-east-1",
      caller,
      observe: (event) => {
        this.events.push(event);
        this.#arrivals.emit("event");
      },
      ...options,
    });
  }

  async listen(): Promise<this> {
    this.port = await this.#gateway.listen(0);
    return this;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/${this.#stageName}`;
  }

  close(): Promise<void> {
    return this.#gateway.close();
  }

  /** Resolves as soon as something holds; it is asked after each event and each call. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await once(this.#arrivals, "event");
  }

  /** The calls of one function, past ones. */
  callsOf(functionArn: string): FunctionEvent[] {
    return this.calls.filter(([arn]) => arn === functionArn).map(([, event]) => event);
  }

  async #invoke(functions: Functions, functionArn: string, event: FunctionEvent): Promise<InvokeResult> {
    this.calls.push([functionArn, event]);
    this.#arrivals.emit("event");
    try {
      const payload = await functions[functionArn]?.(event);
      return { ok: true, payload: payload ?? { statusCode: 200 }, durationMs: 1 };
    } catch (error) {
      const { name, message } = error as Error;
      return { ok: false, kind: "error", errorType: name, errorMessage: message };
    }
  }
}

/** Serves for the length of `use`. */
export async function withServedApi<T>(
  args: ServedApiArgs,
  use: (served: ServedApi) => Promise<T>,
): Promise<T> {
  const served = await new ServedApi(args).listen();
  try {
    return await use(served);
  } finally {
    await served.close();
  }
}
