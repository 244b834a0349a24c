import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const installed = fileURLToPath(new URL("../../node_modules", import.meta.url));

/**
 * Puts what Lambda's Node.js runtimes bring beside the packages of functions: the AWS SDK, with those of its clients
 * that this project has, for what is emulated locally. A function's own packages come first.
 */
export function linkRuntimePackages(directory: string): void {
  const packages = path.join(directory, "node_modules");
  mkdirSync(packages);
  for (const scope of ["@aws-sdk", "@smithy"])
    symlinkSync(path.join(installed, scope), path.join(packages, scope), "junction");
}
