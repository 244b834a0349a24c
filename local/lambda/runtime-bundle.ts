import path from "node:path";
import { buildSync } from "esbuild";

let bundle: string | undefined;

/**
 * The runtime that every worker thread starts with, as one ES module. Built once per process: letting each
 * thread strip the types itself doubles the time of a cold start.
 */
export function runtimeBundle(): string {
  bundle ??= buildSync({
    absWorkingDir: import.meta.dirname,
    entryPoints: [path.join("runtime", "runtime.ts")],
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node22",
    write: false,
  }).outputFiles[0]?.text;
  if (bundle === undefined) throw new Error("esbuild returned no runtime bundle");
  return bundle;
}
