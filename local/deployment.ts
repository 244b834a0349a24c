import { Callers } from "./account/callers.ts";
import { functionDefinitions, functionPolicies, mayWriteLogs } from "./account/functions.ts";
import { type DeployedApi, deployedApis } from "./gateway/deployed-api.ts";
import type { ResourceGraph } from "./graph/resource-graph.ts";
import { checkDefinition, type FunctionDefinition } from "./lambda/function-definition.ts";

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

/**
 * Reads a graph without serving it yet.
 * @param former whose credentials functions keep
 * @throws {Error} that names what local mode cannot serve
 */
export function deploymentOf(graph: ResourceGraph, former?: Deployment): Deployment {
  const apis = deployedApis(graph);
  const callers = new Callers(graph, former?.callers);
  const functions = functionDefinitions(graph, callers);
  functions.forEach(checkDefinition);
  const permits = functionPolicies(graph);
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
      ...silent.map(
        ({ logicalName }) =>
          `the role of function "${logicalName}" may not write its log: AWS drops what it logs, and so does local mode`,
      ),
    ],
  };
}
