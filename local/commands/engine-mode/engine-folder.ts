import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";
import type { EmulatedHosts } from "../../sandbox/emulated-hosts.ts";

/** A temporary folder with what a Pulumi CLI needs to work on this run's account: its state ends with it. */
export interface EngineFolder {
  /** Where the CLI keeps the state of stacks, like file:///tmp/pulumi-engine-x1Yz/state. */
  readonly backendUrl: string;
  /** What every program loads first. */
  readonly preloadUrl: string;
  /** The folder that relative paths of a project's program start in, if one has run. */
  folderOf(project: string): string | undefined;
  close(): Promise<void>;
}

/** @param hosts that programs reach at their local ports: that of the user pool */
export function createEngineFolder(hosts: EmulatedHosts): EngineFolder {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-engine-")));
  const state = join(folder, "state");
  const notes = join(folder, "programs");
  const preload = join(folder, "preload.mjs");
  mkdirSync(state);
  writeFileSync(preload, preloadSource(hosts, notes));
  return {
    backendUrl: pathToFileURL(state).href,
    preloadUrl: pathToFileURL(preload).href,
    folderOf(project) {
      try {
        return readFileSync(join(notes, encodeURIComponent(project)), "utf8");
      } catch {
        return undefined;
      }
    },
    close: async () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** One module without types, as programs may run on a Node that does not strip them. */
function preloadSource(hosts: EmulatedHosts, notes: string): string {
  const call = `prepareProgram(${JSON.stringify(hosts)}, ${JSON.stringify(notes)});`;
  const [built] = buildSync({
    stdin: {
      contents: `import { prepareProgram } from "./program-preload.ts";\n${call}`,
      resolveDir: import.meta.dirname,
      loader: "ts",
    },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    write: false,
  }).outputFiles;
  if (!built) throw new Error("esbuild returned no preload");
  return built.text;
}
