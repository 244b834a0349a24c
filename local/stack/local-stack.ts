import { DeclaredPools } from "../declared-pools/declared-pools.ts";
import type { DeployedApi } from "../gateway/deployed-api.ts";
import { Gateway, type PageHandler } from "../gateway/gateway.ts";
import type { GatewayObserver } from "../gateway/gateway-event.ts";
import type { Limits } from "../gateway/limits.ts";
import { type GraphChanges, graphChanges } from "../graph/graph-changes.ts";
import { partitionOf } from "../graph/partition.ts";
import type { RecordedResource, ResourceGraph } from "../graph/resource-graph.ts";
import { serveInvokeApi } from "../lambda/invoke-api.ts";
import { type EmulatedHosts, LambdaService, type LogEntry } from "../lambda/lambda-service.ts";
import type { StackConfig } from "../program/stack-config.ts";
import { isReplacing } from "../resources/replacement.ts";
import type { Email } from "../user-pool/operation.ts";
import { type AuthenticationEvent, startUserPoolServer } from "../user-pool/server.ts";
import type { UserPool } from "../user-pool/user-pool.ts";
import { coalesced } from "./coalesced.ts";
import { type Deployment, deploymentOf } from "./deployment.ts";
import { configuredClients, requireSamePool, userPoolOf } from "./stack-user-pool.ts";
import { type ServedPort, servesUserPool, takenPorts } from "./taken-ports.ts";

/**
 * Runs a program with its calls to these AWS hosts sent to their local ports.
 * @param onResource told of each resource before the program is
 */
export type RunProgram = (
  stackConfig: StackConfig,
  hosts: EmulatedHosts,
  onResource: (resource: RecordedResource) => void,
) => Promise<ResourceGraph>;

export interface LocalStackOptions {
  readonly runProgram: RunProgram;
  /** Where clients connect; 0 for any free port. */
  readonly port: number;
  readonly userPoolPort: number;
  readonly limits?: Partial<Limits>;
  readonly observe?: GatewayObserver;
  readonly pages?: PageHandler;
  readonly onLog?: (entry: LogEntry) => void;
  readonly onAuthentication?: (event: AuthenticationEvent) => void;
  /** Told of what the user pool would send to a user: nothing is sent. */
  readonly onEmail?: (email: Email) => void;
  /** Told of what AWS would do without a word. */
  readonly onWarning?: (text: string) => void;
  /** Whether what cannot be served becomes a warning, and the rest is served: for resources that come one by one. */
  readonly leavesOut?: boolean;
  /** A pool to serve in place of a fresh one. */
  readonly userPool?: UserPool;
}

/** A program, deployed to this machine: its user pool, its functions and its API are being served. */
export interface LocalStack {
  /** What is served now. */
  readonly graph: ResourceGraph;
  readonly apis: readonly DeployedApi[];
  /** What AWS would do without a word, and what is left out. */
  readonly warnings: readonly string[];
  readonly lambda: LambdaService;
  readonly gateway: Gateway;
  /** The pool that people sign in to: the one that the stack is configured with, else the first that is declared. */
  readonly userPool: UserPool | undefined;
  readonly declaredPools: DeclaredPools;
  /** Where the pools are reached under Cognito's host names. */
  readonly poolHosts: EmulatedHosts;
  readonly port: number;
  readonly userPoolPort: number;
  /**
   * Reads the configuration, runs the program and serves what it describes now, in one step, if all of that is well;
   * else rejects as a start would, and changes nothing. Calls during a reload share one that follows it.
   */
  reload(): Promise<Reload>;
  /** Ends the user pool and leaves the rest, as if Cognito were out of reach. */
  stopUserPool(): Promise<void>;
  close(): Promise<void>;
}

/** What a reload did. */
export interface Reload {
  readonly changes: GraphChanges;
  /** Connections that it closed, because their stage is gone. */
  readonly closedConnections: number;
}

/**
 * Runs the program and serves what it describes.
 * @param readConfig called at the start and at each reload
 * @throws {OperatorError} if a port is taken, or what the program or the emulated AWS answers
 */
export async function startLocalStack(
  readConfig: () => StackConfig,
  options: LocalStackOptions,
): Promise<LocalStack> {
  const closers: (() => unknown)[] = [];
  let isClosed = false;
  let configured: UserPool | undefined;
  const close = async () => {
    isClosed = true;
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const stackConfig = readConfig();
    configured = options.userPool ?? userPoolOf(stackConfig);
    const declaredPools = new DeclaredPools(configured);
    const poolArgs = { port: options.userPoolPort, ...pick(options, "onAuthentication", "onEmail") };
    const poolServer = await startUserPoolServer(declaredPools.pools, poolArgs);
    closers.push(() => poolServer.close());
    const poolHosts = cognitoHosts(poolServer.port);

    const { leavesOut } = options;
    const runProgram = (config: StackConfig) => options.runProgram(config, poolHosts, declaredPools.declare);
    let current = deploymentOf(await runProgram(stackConfig), { leavesOut });
    declaredPools.deploy(current.graph);
    const warnings = () => [...current.warnings, ...declaredPools.warnings];
    for (const warning of warnings()) options.onWarning?.(warning);

    // Functions reach the API by its port, so they start after it listens.
    const { promise: running, resolve: run } = Promise.withResolvers<LambdaService>();
    const invoke = async (functionArn: string, event: unknown) => (await running).invoke(functionArn, event);
    const gateway = new Gateway({
      ...servedBy(current),
      caller: {
        permits: (functionArn, sourceArn) => current.permits(functionArn, sourceArn),
        invoke,
      },
      pages: (request, response) =>
        serveInvokeApi({ ...current, account: current.graph.account, invoke }, request, response) ||
        options.pages?.(request, response) === true,
      ...pick(options, "limits", "observe"),
    });
    const port = await gateway.listen(options.port);
    closers.push(() => gateway.close());
    const hostsOf = ({ apis }: Deployment): EmulatedHosts => ({
      ...poolHosts,
      ...Object.fromEntries(apis.map(({ domainName }) => [domainName, { port }])),
    });
    const lambda = new LambdaService({
      functions: current.functions,
      hosts: hostsOf(current),
      onLog: (entry) => {
        if (!current.silent.has(entry.logicalName)) options.onLog?.(entry);
      },
    });
    run(lambda);
    // After the gateway, whose last connections still call functions.
    closers.unshift(() => lambda.close());

    const reload = coalesced(async (): Promise<Reload> => {
      const nextConfig = readConfig();
      requireSamePool(nextConfig, configured);
      const former = current;
      const formerWarnings = warnings();
      let next: Deployment;
      try {
        const graph = await runProgram(nextConfig);
        if (isClosed) throw new Error("the stack is closed");
        next = deploymentOf(graph, { former, leavesOut });
      } catch (error) {
        declaredPools.forgetDeclared();
        throw error;
      }
      // Nothing after this can fail, and all of it happens between two messages.
      void lambda.replaceFunctions(next.functions, hostsOf(next));
      current = next;
      configured?.replaceClients(configuredClients(nextConfig, configured));
      declaredPools.deploy(next.graph);
      const closedConnections = gateway.deploy(servedBy(next));
      for (const warning of warnings()) if (!formerWarnings.includes(warning)) options.onWarning?.(warning);
      return { changes: graphChanges(former.graph, next.graph, isReplacing), closedConnections };
    });
    return {
      get graph() {
        return current.graph;
      },
      get apis() {
        return current.apis;
      },
      get warnings() {
        return warnings();
      },
      lambda,
      gateway,
      get userPool() {
        return configured ?? [...declaredPools.pools][0];
      },
      declaredPools,
      poolHosts,
      port,
      userPoolPort: poolServer.port,
      reload,
      stopUserPool: () => poolServer.close(),
      close,
    };
  } catch (error) {
    await close();
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw await takenPorts(servedPorts(options), (port) => servesUserPool(port, configured?.id));
  }
}

function servedPorts({ port, userPoolPort }: LocalStackOptions): ServedPort[] {
  return [
    { what: "API", option: "--port", port },
    { what: "user pool", option: "--user-pool-port", port: userPoolPort },
  ];
}

/** Cognito's hosts in every region: of the API and of issuers. */
function cognitoHosts(port: number): EmulatedHosts {
  const names = ["cognito-idp", "issuer-cognito-idp"];
  const suffixes = ["us-east-1", "cn-north-1"].map((region) => partitionOf(region).dnsSuffix);
  return Object.fromEntries(
    names.flatMap((name) => suffixes.map((suffix) => [`${name}.*.${suffix}`, { port }])),
  );
}

function servedBy({ apis, callers, graph }: Deployment) {
  return { apis, callers, region: graph.account.region };
}

/** Only those members that are there: an optional member may not be undefined. */
function pick<T extends object, K extends keyof T>(source: T, ...names: K[]): Pick<T, K> {
  return Object.fromEntries(
    names.filter((name) => source[name] !== undefined).map((name) => [name, source[name]]),
  ) as Pick<T, K>;
}
