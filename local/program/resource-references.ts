import * as pulumi from "@pulumi/pulumi";
import type { Properties } from "../graph/resource-graph.ts";

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
