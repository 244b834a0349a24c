import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { type BuildOptions, buildSync } from "esbuild";

const projectRoot = fileURLToPath(new URL("..", import.meta.url));

/** The handler that every bundle exports, in Lambda's `file.export` form. */
export const bundleHandler = "index.handler";

/** How every function is bundled, whatever its entry. */
export const bundleOptions = {
  absWorkingDir: projectRoot,
  bundle: true,
  platform: "node",
  target: "node24",
  format: "cjs",
  // Without "module" first, packages that ship both formats lose tree shaking.
  mainFields: ["module", "main"],
  minify: true,
  legalComments: "none",
  logLevel: "silent",
  write: false,
} as const satisfies BuildOptions;

/** Modules of Node.js that a function's libraries load but that it never uses: leaving them out shortens its cold start. */
const unusedModules: Readonly<Record<string, readonly string[]>> = {
  // aws-jwt-verify would fetch keys with it; the authorizer hands it keys, and fetches with node:https itself.
  authorizer: ["https"],
};

/**
 * Bundles `functions/<name>.ts` with all it imports into a deployment package held in memory.
 * The same sources give the same bytes in any checkout, so the asset's hash changes with the code alone.
 * @throws {Error} esbuild's message, with file and line, if the function does not compile
 */
export function bundleFunction(name: string): pulumi.asset.AssetArchive {
  const unused = unusedModules[name] ?? [];
  const { outputFiles } = buildSync({
    ...bundleOptions,
    entryPoints: [`functions/${name}.ts`],
    alias: Object.fromEntries(unused.map((module) => [module, "./infra/unused-module.cjs"])),
  });
  const [bundle] = outputFiles;
  if (!bundle) throw new Error(`functions/${name}.ts: esbuild wrote no bundle`);
  return new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(bundle.text) });
}
