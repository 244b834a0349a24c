import type { AwsAccount, ResourceGraph } from "../local/graph/resource-graph.ts";
import type { ProgramLine } from "../local/program/program-process.ts";
import { ProgramRunner } from "../local/program/program-runner.ts";
import type { ReadStack } from "../local/program/run-programs.ts";
import type { StackConfig } from "../local/program/stack-config.ts";
import type { EmulatedHosts } from "../local/sandbox/emulated-hosts.ts";
import { type Alter, alteredGraph } from "./altered-graph.ts";

export interface RunOptions {
  readonly account?: Partial<AwsAccount>;
  readonly hosts?: EmulatedHosts;
  readonly readStack?: ReadStack;
  readonly onLine?: (line: ProgramLine) => void;
}

/** Runs a program once, as local mode does. */
export async function runProgram(
  stackConfig: StackConfig,
  { hosts, readStack, ...options }: RunOptions = {},
): Promise<ResourceGraph> {
  const runner = new ProgramRunner({ onLine: () => {}, ...options });
  try {
    return await runner.run(stackConfig, { ...(hosts && { hosts }), ...(readStack && { readStack }) });
  } finally {
    await runner.close();
  }
}

const graphs = new Map<string, Promise<ResourceGraph>>();

/** What a program declares, with one thing different if need be. It runs once for each configuration. */
export async function programGraph(
  stackConfig: StackConfig,
  { alter, ...options }: Omit<RunOptions, "onLine"> & { readonly alter?: Alter | undefined } = {},
): Promise<ResourceGraph> {
  // The ports of the hosts differ, and what is read there does not.
  const key = JSON.stringify([stackConfig, options.account, Object.keys(options.hosts ?? {})]);
  const graph = graphs.get(key) ?? runProgram(stackConfig, options);
  graphs.set(key, graph);
  return alter ? alteredGraph(await graph, alter) : graph;
}
