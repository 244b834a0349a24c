import type { Properties, ResourceGraph } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import type { StackConfig } from "./stack-config.ts";

/**
 * Runs programs one after the other, as if they were deployed to one account and region: each may read the outputs of
 * those before it through a StackReference, and has the region of the first.
 * @returns one graph of all their resources, with the name and the outputs of the first
 * @throws {OperatorError} for programs that cannot be there together, or what a program throws
 */
export async function runPrograms(
  [first, ...others]: readonly [StackConfig, ...StackConfig[]],
  run: (stackConfig: StackConfig) => Promise<ResourceGraph>,
): Promise<ResourceGraph> {
  requireOwnNames([first, ...others]);
  const main = await run(first);
  const graphs = [main];
  const stackOutputs: Record<string, Properties> = { [nameOf(first)]: main.outputs };
  for (const stackConfig of others) {
    const config = { "aws:region": main.account.region, ...stackConfig.config };
    requireRegion(stackConfig, config["aws:region"], main);
    const graph = await run({ ...stackConfig, config, stackOutputs: { ...stackOutputs } });
    graphs.push(graph);
    stackOutputs[nameOf(stackConfig)] = graph.outputs;
  }
  return {
    ...main,
    resources: graphs.flatMap(({ resources }) => resources),
    warnings: graphs.flatMap(({ warnings }) => warnings),
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

function requireRegion(stackConfig: StackConfig, region: string, main: ResourceGraph): void {
  if (region !== main.account.region)
    throw new OperatorError(
      `${nameOf(stackConfig)} is configured with aws:region ${region}, and ${nameOf(main)} with ${main.account.region}: local mode serves one region`,
    );
}

function nameOf({ project, stack }: { readonly project: string; readonly stack: string }): string {
  return `${project}/${stack}`;
}
