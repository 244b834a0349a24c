import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { installAdvice } from "./install-advice.ts";
import type { StackConfig } from "./stack-config.ts";

type Place = Pick<StackConfig, "rootDirectory" | "workingDirectory">;

/** Frames of the program that are shown. */
const maxFrames = 5;

/**
 * What the program's author needs of an error that Pulumi's runner logs: the message, and the frames that are in the
 * program, with paths from its folder.
 */
export function programError(logged: string, place: Place): string {
  const text = stripVTControlCharacters(logged).replace(
    /^Running program '.*' failed with an unhandled exception:\n/,
    "",
  );
  return missingPackage(text, place) ?? withOwnFrames(text, place);
}

/** The first place of the program in a stack, like `index.ts:5:6`. */
export function placeIn(
  frames: readonly string[],
  { rootDirectory }: Pick<Place, "rootDirectory">,
): string | undefined {
  return frames.flatMap((frame) => ownFrame(frame, rootDirectory) ?? []).at(0)?.location;
}

/** Names what to install, for an import of a package that is not there. */
function missingPackage(text: string, { rootDirectory, workingDirectory }: Place): string | undefined {
  const found =
    /Cannot find (?:package|module) '([^'./][^']*)'(?:.*? imported from (.+)|\nRequire stack:\n- (.+))?/.exec(
      text,
    );
  const [, specifier, importer = found?.[3]] = found ?? [];
  if (specifier === undefined || specifier.startsWith("node:") || /^[A-Za-z]:\\/.test(specifier))
    return undefined;
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  const from = importer === undefined ? "the program" : shortPath(importer, rootDirectory);
  return `${from} imports ${specifier}: ${installAdvice(workingDirectory, name)}`;
}

function withOwnFrames(text: string, { rootDirectory }: Place): string {
  const lines = text.split("\n");
  const firstFrame = lines.findIndex(isFrame);
  if (firstFrame === -1) return withShortPaths(lines, rootDirectory).join("\n").trimEnd();
  const message = withShortPaths(lines.slice(0, firstFrame), rootDirectory);
  const frames = lines.flatMap((line) => ownFrame(line, rootDirectory)?.text ?? []).slice(0, maxFrames);
  return [...message, ...frames.map((frame) => `    at ${frame}`)].join("\n").trimEnd();
}

function isFrame(line: string): boolean {
  return /^\s+at /.test(line);
}

/** A frame of the program's own code, with its path from the project's folder. */
function ownFrame(line: string, rootDirectory: string): { text: string; location: string } | undefined {
  const [, name, path, position] =
    /^\s*(?:at )?(?:(.*?) \()?((?:file:\/\/|[A-Za-z]:\\|\/)[^()]*?):(\d+:\d+)\)?(?: \{)?$/.exec(line) ?? [];
  if (path === undefined || /[\\/]node_modules[\\/]/.test(path)) return undefined;
  const short = shortPath(path, rootDirectory);
  if (short.startsWith("..") && isOurs(path)) return undefined;
  const location = `${short}:${position}`;
  const caller = name?.replace(/^Module\./, "");
  return { location, text: caller ? `${caller} (${location})` : location };
}

/** Whether a file is local mode's own. */
function isOurs(path: string): boolean {
  return pathOf(path).startsWith(fileURLToPath(new URL("..", import.meta.url)));
}

function withShortPaths(lines: readonly string[], rootDirectory: string): string[] {
  return lines.map((line) =>
    line
      .replaceAll(/file:\/\/\/[^\s'"):]+/g, (path) => shortPath(path, rootDirectory))
      .replaceAll(rootDirectory + sep, ""),
  );
}

/** The path from the project's folder, with slashes. */
function shortPath(path: string, rootDirectory: string): string {
  return relative(rootDirectory, pathOf(path.trim())).split(sep).join("/");
}

function pathOf(path: string): string {
  return path.startsWith("file:") ? fileURLToPath(path) : path;
}
