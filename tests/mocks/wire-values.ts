import * as pulumi from "@pulumi/pulumi";
import type { Properties } from "../../local/graph/resource-graph.ts";
import { writtenArchive, writtenAsset } from "../../local/protocol/property-values.ts";

/** The properties with each resource replaced by its id: what the provider makes of `role: role`. */
export async function withIds(properties: Properties): Promise<Properties> {
  const entries = Object.entries(properties).map(async ([name, value]) => [
    name,
    pulumi.CustomResource.isInstance(value) ? await settled(value.id) : value,
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply((value) => resolve(value as T)));
}

/** The properties with their assets and archives as Pulumi's protocol writes them. */
export async function withWireAssets(properties: Properties): Promise<Properties> {
  const entries = Object.entries(properties).map(async ([name, value]) => [name, await wireAsset(value)]);
  return Object.fromEntries(await Promise.all(entries));
}

async function wireAsset(value: unknown): Promise<unknown> {
  if (value instanceof pulumi.asset.AssetArchive)
    return writtenArchive({ assets: await withWireAssets(await value.assets) });
  if (value instanceof pulumi.asset.FileArchive) return writtenArchive({ path: await value.path });
  if (value instanceof pulumi.asset.FileAsset) return writtenAsset({ path: await value.path });
  if (value instanceof pulumi.asset.StringAsset) return writtenAsset({ text: await value.text });
  if (value instanceof pulumi.asset.RemoteAsset) return writtenAsset({ uri: await value.uri });
  return value;
}
