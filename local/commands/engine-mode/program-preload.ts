import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EmulatedHosts } from "../../sandbox/emulated-hosts.ts";
import { redirectOutboundNetwork } from "../../sandbox/outbound-network.ts";

/**
 * What every Node process does first that a Pulumi engine starts: calls to emulated hosts go to local mode, and the
 * folder of a program is noted, as the engine hands relative paths to the provider as the program wrote them.
 * @param notes folder that gets a file for each project
 */
export function prepareProgram(hosts: EmulatedHosts, notes: string): void {
  redirectOutboundNetwork(hosts, { refuseOthers: false });
  const project = argument("--project");
  const folder = argument("--pwd");
  if (!project || !folder) return;
  try {
    mkdirSync(notes, { recursive: true });
    writeFileSync(join(notes, encodeURIComponent(project)), folder);
  } catch {
    // Local mode has ended, and its folder is gone: the program itself goes on.
  }
}

function argument(name: string): string | undefined {
  const index = process.argv.indexOf(name);
  return index === -1 ? undefined : process.argv[index + 1];
}
