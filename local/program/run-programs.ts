import { accountOf } from "../graph/account-of.ts";
import type { RecordedResource, ResourceGraph } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import type { StackConfig } from "./stack-config.ts";
import { type StackOutputs, stackNameOf } from "./stack-references.ts";

/** Reads the outputs of a stack, by `project/stack`, once it has them. */
export type ReadStack = (name: string) => Promise<StackOutputs>;

type Programs = readonly [StackConfig, ...StackConfig[]];

/** Runs one program. It is given up when the signal says so. */
export type RunOne = (
  stackConfig: StackConfig,
  readStack: ReadStack,
  signal: AbortSignal,
) => Promise<ResourceGraph>;

/**
 * Runs programs side by side, as if they were deployed to one account: each may read the outputs of the others through
 * StackReferences, in any order. A program without a region has that of the first.
 * @returns one graph of all their resources, with the name and the outputs of the first
 * @throws {OperatorError} for programs that cannot be there together or that wait for each other, or what one throws
 */
export async function runPrograms([first, ...others]: Programs, run: RunOne): Promise<ResourceGraph> {
  requireOwnNames([first, ...others]);
  const { region } = accountOf(first.config);
  const programs = [first, ...others].map((one) => ({
    ...one,
    config: { "aws:region": region, ...one.config },
  }));
  const graphs = new Map(programs.map((one) => [stackNameOf(one), Promise.withResolvers<ResourceGraph>()]));
  const waiting = new Map<string, Set<string>>(programs.map((one) => [stackNameOf(one), new Set()]));
  const ending = new AbortController();
  const runs = programs.map(async (one) => {
    const name = stackNameOf(one);
    const readStack: ReadStack = async (asked) => {
      const asking = graphs.get(asked);
      if (!asking) throw notServed(asked, [...graphs.keys()]);
      waiting.get(name)?.add(asked);
      const cycle = pathBetween(asked, name, waiting);
      if (cycle)
        throw new OperatorError(`programs wait for each other's outputs: ${[name, ...cycle].join(" → ")}`);
      const graph = await asking.promise;
      waiting.get(name)?.delete(asked);
      return graph;
    };
    const graph = await run(one, readStack, ending.signal);
    graphs.get(name)?.resolve(graph);
    return graph;
  });
  try {
    return merged(await Promise.all(runs));
  } finally {
    ending.abort();
    await Promise.allSettled(runs);
  }
}

function merged([main, ...others]: readonly ResourceGraph[]): ResourceGraph {
  if (!main) throw new Error("there is no program");
  const placed = (graph: ResourceGraph) =>
    graph.resources.map((resource): RecordedResource => {
      const { account = graph.account } = resource;
      return account.region === main.account.region && account.accountId === main.account.accountId
        ? resource
        : { ...resource, account };
    });
  return {
    ...main,
    resources: [main, ...others].flatMap(placed),
    warnings: [main, ...others].flatMap(({ warnings }) => warnings),
  };
}

/** Names of resources, and with them ids and ARNs, come from the name of their project. */
function requireOwnNames(programs: readonly StackConfig[]): void {
  for (const [i, { project, workingDirectory }] of programs.entries()) {
    const former = programs.slice(0, i).find((other) => other.project === project);
    if (former)
      throw new OperatorError(
        `two programs are of the project ${project}, in ${former.workingDirectory} and ${workingDirectory}: name each once, and give each its own name in its Pulumi.yaml`,
      );
  }
}

/** The stacks on the way from one that waits to another; undefined if there is none. */
function pathBetween(
  from: string,
  to: string,
  waiting: ReadonlyMap<string, ReadonlySet<string>>,
): string[] | undefined {
  if (from === to) return [from];
  for (const next of waiting.get(from) ?? []) {
    const path = pathBetween(next, to, waiting);
    if (path) return [from, ...path];
  }
  return undefined;
}

function notServed(name: string, served: readonly string[]): OperatorError {
  const others = served.length > 1 ? ` Served are ${served.join(", ")}.` : "";
  return new OperatorError(
    `stack reference to ${name}: local mode does not serve that stack.${others} Start its program beside this one with --with <folder>`,
  );
}
