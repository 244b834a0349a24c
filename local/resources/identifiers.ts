import { createHash } from "node:crypto";
import type { AwsAccount } from "../graph/resource-graph.ts";
import type { NewResource } from "./resource-type.ts";

/** The ARN of a resource in the account's region. */
export function arnOf(service: string, { partition, region, accountId }: AwsAccount, rest: string): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
}

/** The same resource gets the same id in every run. */
export function idOf(resource: NewResource, length: number): string {
  if (resource.id) return resource.id;
  const letters = BigInt(`0x${digestOf(resource)}`).toString(36);
  return `l${letters.slice(1 - length)}`;
}

/** 64 hex digits that look random, and are the same in every run. */
export function digestOf({ urn }: Pick<NewResource, "urn">): string {
  return createHash("sha256").update(urn).digest("hex");
}
