import { resolve } from "node:path";

/** What of esbuild's functions, options and results this needs to know, whatever the version. */
export interface Bundler {
  build(options: unknown): Promise<Bundled>;
  buildSync(options: unknown): Bundled;
  readonly default?: Bundler;
}

interface Bundled {
  metafile?: { readonly inputs: Readonly<Record<string, unknown>> } | undefined;
}

interface BundleOptions {
  readonly metafile?: boolean;
  readonly absWorkingDir?: string;
}

/**
 * The same esbuild, but that it notes the files that a bundle is made of, or that its errors are in.
 * @param note told of absolute paths
 */
export function notingBundles(bundler: Bundler, note: (path: string) => void): Bundler {
  const functions: Bundler = {
    async build(options) {
      if (!isOptions(options)) return bundler.build(options);
      try {
        return noted(await bundler.build({ ...options, metafile: true }), options, note);
      } catch (error) {
        throw notedError(error, options, note);
      }
    },
    buildSync(options) {
      if (!isOptions(options)) return bundler.buildSync(options);
      try {
        return noted(bundler.buildSync({ ...options, metafile: true }), options, note);
      } catch (error) {
        throw notedError(error, options, note);
      }
    },
  };
  const named = { ...bundler.default, ...functions };
  return Object.defineProperties({} as Bundler, {
    ...Object.getOwnPropertyDescriptors(bundler),
    ...Object.getOwnPropertyDescriptors(functions),
    ...(bundler.default && { default: { value: named, enumerable: true } }),
  });
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
