import { Callers } from "./account/callers.ts";
import { functionDefinitions, functionPolicies, mayWriteLogs } from "./account/functions.ts";
import type { ResourceGraph } from "./engine/resource-graph.ts";
import { type RunOptions, runProgram } from "./engine/run-program.ts";
import type { StackConfig } from "./engine/stack-config.ts";
import { type DeployedApi, deployedApis } from "./gateway/deployed-api.ts";
import { Gateway } from "./gateway/gateway.ts";
import type { GatewayObserver } from "./gateway/gateway-event.ts";
import type { Limits } from "./gateway/limits.ts";
import { LambdaService, type LogEntry } from "./lambda/lambda-service.ts";
import { redirectOutboundNetwork } from "./lambda/outbound-network.ts";
import { OperatorError } from "./operator-error.ts";
import { userPoolOf } from "./stack-user-pool.ts";
import { type AuthenticationEvent, startUserPoolServer } from "./user-pool/server.ts";
import type { UserPool } from "./user-pool/user-pool.ts";

export interface LocalStackOptions extends RunOptions {
  /** Where clients connect; 0 for any free port. */
  readonly port: number;
  readonly userPoolPort: number;
  readonly limits?: Partial<Limits>;
  readonly observe?: GatewayObserver;
  readonly onLog?: (entry: LogEntry) => void;
  readonly onAuthentication?: (event: AuthenticationEvent) => void;
  /** Told of what AWS would do without a word. */
  readonly onWarning?: (text: string) => void;
  /** A pool to serve in place of a fresh one. */
  readonly userPool?: UserPool;
}

/** A program, deployed to this machine: its user pool, its functions and its API are being served. */
export interface LocalStack {
  readonly graph: ResourceGraph;
  readonly apis: readonly DeployedApi[];
  readonly lambda: LambdaService;
  readonly gateway: Gateway;
  /** Undefined for a program that is not configured with one. */
  readonly userPool: UserPool | undefined;
  readonly port: number;
  readonly userPoolPort: number;
  /** Ends the user pool and leaves the rest, as if Cognito were out of reach. */
  stopUserPool(): Promise<void>;
  close(): Promise<void>;
}

/** A port that another process has; the message names the option for another. */
export class PortTakenError extends OperatorError {
  constructor(what: string, port: number, option: string) {
    super(`port ${port} for the ${what} is taken: choose another with ${option}`);
  }
}

/**
 * Runs the program and serves what it describes.
 * @throws {PortTakenError}, or what the program or the emulated AWS answers
 */
export async function startLocalStack(
  stackConfig: StackConfig,
  options: LocalStackOptions,
): Promise<LocalStack> {
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const userPool = options.userPool ?? userPoolOf(stackConfig);
    const poolServer =
      userPool &&
      (await listening("user pool", "--user-pool-port", options.userPoolPort, (port) =>
        startUserPoolServer(userPool, { port, ...pick(options, "onAuthentication") }),
      ));
    if (poolServer) closers.push(() => poolServer.close());
    const poolHosts =
      userPool && poolServer ? { [new URL(userPool.issuer).hostname]: { port: poolServer.port } } : {};

    const graph = await runRedirected(stackConfig, options, poolHosts);
    for (const warning of graph.warnings) options.onWarning?.(warning);
    const apis = deployedApis(graph);
    const callers = new Callers(graph);
    const functions = functionDefinitions(graph, callers);
    const permits = functionPolicies(graph);
    const silent = functions.filter((definition) => !mayWriteLogs(graph, callers, definition));
    for (const { logicalName } of silent)
      options.onWarning?.(
        `the role of function "${logicalName}" may not write its log: AWS drops what it logs, and so does local mode`,
      );

    // Functions reach the API by its port, so they start after it listens.
    const { promise: running, resolve: run } = Promise.withResolvers<LambdaService>();
    const gateway = new Gateway({
      apis,
      callers,
      region: graph.account.region,
      caller: { permits, invoke: async (functionArn, event) => (await running).invoke(functionArn, event) },
      ...pick(options, "limits", "observe"),
    });
    const port = await listening("API", "--port", options.port, (wanted) => gateway.listen(wanted));
    closers.push(() => gateway.close());
    const apiHosts = Object.fromEntries(apis.map(({ domainName }) => [domainName, { port }]));
    const lambda = new LambdaService({
      functions,
      hosts: { ...poolHosts, ...apiHosts },
      onLog: (entry) => {
        if (!silent.some(({ logicalName }) => logicalName === entry.logicalName)) options.onLog?.(entry);
      },
    });
    run(lambda);
    // After the gateway, whose last connections still call functions.
    closers.unshift(() => lambda.close());
    return {
      graph,
      apis,
      lambda,
      gateway,
      userPool,
      port,
      userPoolPort: poolServer?.port ?? 0,
      stopUserPool: async () => poolServer?.close(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Runs the program with its calls to emulated AWS hosts sent here. */
async function runRedirected(
  stackConfig: StackConfig,
  options: RunOptions,
  hosts: Record<string, { port: number }>,
) {
  const restore = redirectOutboundNetwork(hosts, { refuseOthers: false });
  try {
    return await runProgram(stackConfig, options);
  } finally {
    restore();
  }
}

async function listening<T>(
  what: string,
  option: string,
  port: number,
  listen: (port: number) => Promise<T>,
): Promise<T> {
  try {
    return await listen(port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") throw new PortTakenError(what, port, option);
    throw error;
  }
}

/** Only those members that are there: an optional member may not be undefined. */
function pick<T extends object, K extends keyof T>(source: T, ...names: K[]): Pick<T, K> {
  return Object.fromEntries(
    names.filter((name) => source[name] !== undefined).map((name) => [name, source[name]]),
  ) as Pick<T, K>;
}
