import { resolve } from "node:path";

/** What of esbuild's functions, options and results this needs to know, whatever the version. */
export interface Bundler {
  build(options: unknown): Promise<Bundled>;
  buildSync(options: unknown): Bundled;
}

interface Bundled {
  metafile?: { readonly inputs: Readonly<Record<string, unknown>> } | undefined;
}

interface BundleOptions {
  readonly metafile?: boolean;
  readonly absWorkingDir?: string;
}

/**
 * The functions of esbuild that bundle. They do the same, and note the files that a bundle is made of, or that its errors
 * are in.
 * @param note told of absolute paths
 */
export function notingBundles({ build, buildSync }: Bundler, note: (path: string) => void): Bundler {
  return {
    async build(options) {
      if (!isOptions(options)) return build(options);
      try {
        return noted(await build({ ...options, metafile: true }), options, note);
      } catch (error) {
        throw notedError(error, options, note);
      }
    },
    buildSync(options) {
      if (!isOptions(options)) return buildSync(options);
      try {
        return noted(buildSync({ ...options, metafile: true }), options, note);
      } catch (error) {
        throw notedError(error, options, note);
      }
    },
  };
}

function noted(result: Bundled, options: BundleOptions, note: (path: string) => void): Bundled {
  for (const input of Object.keys(result.metafile?.inputs ?? {})) noteInput(input, options, note);
  if (!options.metafile) result.metafile = undefined;
  return result;
}

function notedError(error: unknown, options: BundleOptions, note: (path: string) => void): unknown {
  const { errors = [] } = (error ?? {}) as { errors?: { location?: { file?: string } | null }[] };
  for (const { location } of errors) if (location?.file) noteInput(location.file, options, note);
  return error;
}

/** @param input path from the bundler's folder; one with a namespace, like `json:data`, is no file */
function noteInput(input: string, { absWorkingDir }: BundleOptions, note: (path: string) => void): void {
  const isFile = !/^[\w-]{2,}:|^[<(]/.test(input);
  if (isFile) note(resolve(absWorkingDir ?? process.cwd(), input));
}

function isOptions(value: unknown): value is BundleOptions {
  return typeof value === "object" && value !== null;
}
