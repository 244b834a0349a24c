import { Callers } from "../account/callers.ts";
import { functionPolicies, mayWriteLogs } from "../account/function-rights.ts";
import { type DeployedApi, deployedApis } from "../gateway/deployed-api.ts";
import type { LeaveOut } from "../graph/read-each.ts";
import type { ResourceGraph } from "../graph/resource-graph.ts";
import type { FunctionDefinition } from "../lambda/function-definition.ts";
import { functionDefinitions } from "./function-definitions.ts";

/** All that is served of one run of the program. */
export interface Deployment {
  readonly graph: ResourceGraph;
  readonly apis: readonly DeployedApi[];
  readonly callers: Callers;
  readonly functions: readonly FunctionDefinition[];
  readonly permits: (functionArn: string, sourceArn: string) => boolean;
  /** Functions, by logical name, whose log lines AWS drops. */
  readonly silent: ReadonlySet<string>;
  /** What AWS does without a word. */
  readonly warnings: readonly string[];
}

export interface DeploymentOptions {
  /** Whose credentials functions keep. */
  readonly former?: Deployment | undefined;
  /** Whether what local mode cannot serve becomes a warning, and the rest is served. */
  readonly leavesOut?: boolean | undefined;
}

/**
 * Reads a graph without serving it yet.
 * @throws {Error} that names what local mode cannot serve, unless that is left out
 */
export function deploymentOf(
  graph: ResourceGraph,
  { former, leavesOut = false }: DeploymentOptions = {},
): Deployment {
  const reasons = new Set<string>();
  const leaveOut: LeaveOut | undefined = leavesOut
    ? ({ message }) => void reasons.add(`not served: ${message}`)
    : undefined;
  const apis = deployedApis(graph, undefined, leaveOut);
  const callers = new Callers(graph, former?.callers, leaveOut);
  const functions = functionDefinitions(graph, callers, leaveOut);
  const permits = functionPolicies(graph, leaveOut);
  const silent = functions.filter((definition) => !mayWriteLogs(graph, callers, definition));
  return {
    graph,
    apis,
    callers,
    functions,
    permits,
    silent: new Set(silent.map(({ logicalName }) => logicalName)),
    warnings: [
      ...graph.warnings,
      ...reasons,
      ...silent.map(
        ({ logicalName }) =>
          `the role of function "${logicalName}" may not write its log: AWS drops what it logs, and so does local mode`,
      ),
    ],
  };
}
