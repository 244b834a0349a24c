import { accessSync, constants, globSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve, sep } from "node:path";

/** What to say where there is no Pulumi CLI. */
export const pulumiCliAbsence =
  "no Pulumi CLI: PULUMI_CLI names none, none is on the PATH, and neither npx pulumi nor .ci/build-pulumi-engine has left one";

/**
 * Path of the Pulumi CLI of this machine: what the variable PULUMI_CLI names, the first on the PATH, the newest that
 * `npx pulumi` has downloaded, or the newest that .ci/build-pulumi-engine has built.
 */
export function findPulumiCli(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { HOME = homedir(), PULUMI_CLI, PULUMI_HOME, XDG_CACHE_HOME } = environment;
  if (PULUMI_CLI) return resolve(PULUMI_CLI);
  return (
    installedCli(environment) ??
    newest("*/bin/pulumi", join(PULUMI_HOME || join(HOME, ".pulumi"), "versions")) ??
    newest("v*/pulumi", join(XDG_CACHE_HOME || join(HOME, ".cache"), "pulumi-engine"))
  );
}

function installedCli({ PATH = "" }: NodeJS.ProcessEnv): string | undefined {
  const folders = PATH.split(delimiter).filter(Boolean);
  return folders
    .map((folder) => join(folder, "pulumi"))
    .find((path) => isExecutable(path) && !isPackage(path));
}

/** The npm package `pulumi` has a `pulumi` too, which downloads the CLI when it is called. */
function isPackage(path: string): boolean {
  return [path, realpathSync(path)].some((one) => one.split(sep).includes("node_modules"));
}

/** Of paths that differ by a version, like v3.99.0 and v3.100.0. */
function newest(pattern: string, folder: string): string | undefined {
  const paths = globSync(pattern, { cwd: folder }).map((path) => join(folder, path));
  return paths
    .filter(isExecutable)
    .sort((one, other) => one.localeCompare(other, "en", { numeric: true }))
    .at(-1);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
