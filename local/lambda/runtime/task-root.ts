import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";
import { replaceProperty } from "../property-replacement.ts";

const takesPathFirst = [
  ..."access appendFile chmod lstat mkdir open opendir readFile readdir readlink realpath rm rmdir".split(
    " ",
  ),
  ..."stat truncate unlink utimes writeFile".split(" "),
];

/**
 * Makes relative paths start at the deployment package, as they do where /var/task is the working directory:
 * a worker thread cannot change its own.
 */
export function startPathsAt(taskRoot: string): void {
  replaceProperty(process, "cwd", () => taskRoot);
  const sync = takesPathFirst.map((name) => `${name}Sync`);
  const others = ["createReadStream", "createWriteStream", "exists", "existsSync"];
  for (const name of [...takesPathFirst, ...sync, ...others]) resolveFirstArgument(fs, name, taskRoot);
  for (const name of takesPathFirst) resolveFirstArgument(fs.promises, name, taskRoot);
  syncBuiltinESMExports();
}

function resolveFirstArgument(target: object, name: string, taskRoot: string): void {
  const original = Reflect.get(target, name) as ((...args: unknown[]) => unknown) | undefined;
  if (!original) return;
  const resolved = (first: unknown, ...rest: unknown[]) =>
    original(typeof first === "string" ? path.resolve(taskRoot, first) : first, ...rest);
  Object.defineProperties(resolved, Object.getOwnPropertyDescriptors(original));
  replaceProperty(target, name, resolved);
}
