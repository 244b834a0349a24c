import { existsSync, readFileSync, statSync } from "node:fs";
import { type LoadHookSync, type ResolveHookSync, registerHooks } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

/**
 * Lets this thread load TypeScript as Pulumi's default runtime does, where its package.json makes it no ES module:
 * compiled to CommonJS, with enums, `__dirname`, and imports without extensions. Node itself only strips types.
 * The function it returns takes it back.
 */
export function loadCommonJsTypeScript(): () => void {
  const hooks = registerHooks({ resolve, load });
  return () => hooks.deregister();
}

const resolve: ResolveHookSync = (specifier, context, nextResolve) => {
  try {
    return nextResolve(specifier, context);
  } catch (error) {
    const found = context.parentURL && withExtension(specifier, context.parentURL);
    if (found) return { url: found, format: "commonjs", shortCircuit: true };
    throw error;
  }
};

const load: LoadHookSync = (url, context, nextLoad) =>
  isCommonJsTypeScript(url)
    ? { source: compile(fileURLToPath(url)), format: "commonjs", shortCircuit: true }
    : nextLoad(url, context);

function withExtension(specifier: string, parentUrl: string): string | undefined {
  if (!/^\.{1,2}(\/|$)/.test(specifier) || !isCommonJsTypeScript(parentUrl)) return undefined;
  const candidates = [".ts", "/index.ts"].map((end) => new URL(specifier + end, parentUrl));
  return candidates.find((url) => statSync(url, { throwIfNoEntry: false })?.isFile())?.href;
}

/** Without a package.json, a module is what Node takes it for. */
function isCommonJsTypeScript(url: string): boolean {
  if (!/^file:(?!.*\/node_modules\/).*(?<!\.d)\.ts(\?|$)/.test(url)) return false;
  const packageFile = packageFileOf(fileURLToPath(url));
  return packageFile !== undefined && JSON.parse(readFileSync(packageFile, "utf8")).type !== "module";
}

function packageFileOf(path: string): string | undefined {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) return undefined;
  }
}

function compile(path: string): string {
  return transformSync(readFileSync(path, "utf8"), {
    loader: "ts",
    format: "cjs",
    platform: "node",
    sourcefile: path,
  }).code;
}
