import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** By the file that each package manager keeps. */
const installers: Readonly<Record<string, string>> = {
  "pnpm-lock.yaml": "pnpm install",
  "yarn.lock": "yarn install",
  "bun.lock": "bun install",
};

/** What to do about a package that a program needs and does not find: which install to run, and where. */
export function installAdvice(programFolder: string, packageName: string): string {
  const folder = packageFolder(programFolder);
  if (folder === undefined)
    return `${programFolder} has no package.json: run npm init there, then npm install ${packageName}`;
  const lock = Object.keys(installers).find((file) => existsSync(join(folder, file)));
  const install = installers[lock ?? ""] ?? "npm install";
  return isDeclared(folder, packageName)
    ? `the package ${packageName} is not installed: run ${install} in ${folder}`
    : `${join(folder, "package.json")} does not list the package ${packageName}: run ${addCommand(install)} ${packageName} in ${folder}`;
}

function packageFolder(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

function isDeclared(folder: string, packageName: string): boolean {
  try {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(
      readFileSync(join(folder, "package.json"), "utf8"),
    );
    return packageName in { ...dependencies, ...devDependencies };
  } catch {
    // A malformed file is the package manager's to report.
    return true;
  }
}

function addCommand(install: string): string {
  return install === "npm install" ? install : install.replace("install", "add");
}
