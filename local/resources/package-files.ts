import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { unzipSync } from "fflate";
import type { PackageFiles, Properties } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import { assetOf, type WireAsset } from "../protocol/property-values.ts";

type File = [path: string, content: string | Uint8Array];

/**
 * The properties with each archive replaced by the files in it.
 * @param folder where relative paths start
 * @param where what the properties belong to, for messages, like `aws:lambda/function:Function "notify"`
 * @throws {OperatorError} for what cannot be read
 */
export function packageFiles(properties: Properties, folder: string, where: string): Properties {
  const read = (name: string, value: unknown): unknown => {
    const asset = assetOf(value);
    if (asset?.kind !== "archive") return value;
    const files = filesOf(asset, "", { folder, where: `${where}: ${name}` });
    return { files: Object.fromEntries(files) } satisfies PackageFiles;
  };
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, read(name, value)]));
}

/** Absolute paths of the files and folders that the archives and assets in these properties are made of. */
export function packagePaths(properties: Properties, folder: string): string[] {
  return Object.values(properties).flatMap((value) => {
    const asset = assetOf(value);
    if (asset?.path !== undefined) return [resolve(folder, asset.path)];
    return asset?.assets ? packagePaths(asset.assets, folder) : [];
  });
}

interface Place {
  readonly folder: string;
  readonly where: string;
}

function filesOf(asset: WireAsset, path: string, place: Place): File[] {
  const { kind, text, uri, assets } = asset;
  if (assets)
    return Object.entries(assets).flatMap(([name, member]) => {
      const inner = assetOf(member);
      return inner ? filesOf(inner, path === "" ? name : `${path}/${name}`, place) : [];
    });
  if (asset.path !== undefined) {
    const source = resolve(place.folder, asset.path);
    try {
      return kind === "archive" ? filesOfArchive(source, path) : [[path, readFileSync(source)]];
    } catch (error) {
      if (error instanceof OperatorError) throw error;
      throw new OperatorError(`${place.where}: ${asset.path} cannot be read: ${(error as Error).message}`);
    }
  }
  if (uri)
    throw new OperatorError(
      `${place.where}: ${uri} is fetched from elsewhere, which is not possible locally: use a local file`,
    );
  return [[path, text ?? ""]];
}

function filesOfArchive(source: string, path: string): File[] {
  const inside = (name: string) => (path === "" ? name : `${path}/${name}`);
  if (statSync(source).isDirectory())
    return readdirSync(source, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => statSync(file).isFile())
      .map((file) => [inside(relative(source, file).split(sep).join("/")), readFileSync(file)]);
  if (/\.(zip|jar)$/i.test(source))
    return Object.entries(unzipSync(readFileSync(source)))
      .filter(([name]) => !name.endsWith("/"))
      .map(([name, content]) => [inside(name), content]);
  throw new OperatorError(
    `${source} is an archive of another kind than zip, which local mode does not unpack: give the folder, or a zip file`,
  );
}
