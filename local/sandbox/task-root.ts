import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";
import { replaceProperty, type Undo } from "./property-replacement.ts";

const takesPathFirst = [
  ..."access appendFile chmod lstat mkdir open opendir readFile readdir readlink realpath rm rmdir".split(
    " ",
  ),
  ..."stat truncate unlink utimes writeFile".split(" "),
];

/**
 * Makes relative paths start in a folder, as they do where it is the working directory: a worker thread cannot change
 * its own. The function it returns takes it back.
 */
export function startPathsAt(folder: string): Undo {
  const sync = takesPathFirst.map((name) => `${name}Sync`);
  const others = ["createReadStream", "createWriteStream", "exists", "existsSync"];
  const undos = [
    replaceProperty(process, "cwd", () => folder),
    ...[...takesPathFirst, ...sync, ...others].flatMap((name) => resolveFirstArgument(fs, name, folder)),
    ...takesPathFirst.flatMap((name) => resolveFirstArgument(fs.promises, name, folder)),
  ];
  syncBuiltinESMExports();
  return () => {
    for (const undo of undos) undo();
    syncBuiltinESMExports();
  };
}

function resolveFirstArgument(target: object, name: string, folder: string): Undo[] {
  const original = Reflect.get(target, name) as ((...args: unknown[]) => unknown) | undefined;
  if (!original) return [];
  const resolved = (first: unknown, ...rest: unknown[]) =>
    original(typeof first === "string" ? path.resolve(folder, first) : first, ...rest);
  Object.defineProperties(resolved, Object.getOwnPropertyDescriptors(original));
  return [replaceProperty(target, name, resolved)];
}
