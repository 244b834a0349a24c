import type { ResourceGraph } from "../graph/resource-graph.ts";
import type { EmulatedHosts } from "../lambda/emulated-hosts.ts";
import { redirectOutboundNetwork } from "../lambda/outbound-network.ts";
import { type RunOptions, runProgram } from "./run-program.ts";
import type { StackConfig } from "./stack-config.ts";

/** Runs the program in this thread, with its calls to these AWS hosts sent to their local ports. */
export async function runRedirected(
  stackConfig: StackConfig,
  hosts: EmulatedHosts,
  options: RunOptions = {},
): Promise<ResourceGraph> {
  const restore = redirectOutboundNetwork(hosts, { refuseOthers: false });
  try {
    return await runProgram(stackConfig, options);
  } finally {
    restore();
  }
}
