import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Properties } from "../graph/resource-graph.ts";

/** The properties with each archive replaced by the files in it. */
export async function packageFiles(properties: Properties): Promise<Properties> {
  const entries = Object.entries(properties).map(async ([name, value]) => [
    name,
    value instanceof pulumi.asset.AssetArchive || value instanceof pulumi.asset.FileArchive
      ? { files: Object.fromEntries(await filesOf(value, "")) }
      : value,
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

async function filesOf(
  source: pulumi.asset.Asset | pulumi.asset.Archive,
  path: string,
): Promise<[string, string][]> {
  if (source instanceof pulumi.asset.StringAsset) return [[path, await source.text]];
  if (source instanceof pulumi.asset.FileAsset) return [[path, readFileSync(await source.path, "utf8")]];
  if (source instanceof pulumi.asset.FileArchive) return filesOfFolder(await source.path, path);
  if (source instanceof pulumi.asset.AssetArchive) {
    const assets = Object.entries(await source.assets);
    return (await Promise.all(assets.map(([name, asset]) => filesOf(asset, join(path, name))))).flat();
  }
  throw new Error(
    `${path || "the package"} is fetched from elsewhere, which is not possible locally: use a local file`,
  );
}

function filesOfFolder(folder: string, path: string): [string, string][] {
  if (!statSync(folder).isDirectory())
    throw new Error(
      `${folder} is an archive file, which local mode does not unpack: give the folder instead`,
    );
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [join(path, relative(folder, file)), readFileSync(file, "utf8")]);
}
