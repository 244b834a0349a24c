import { createHash, randomBytes } from "node:crypto";
import type providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import type { Properties } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import { generatedNameOf, resourceTypeOf } from "../resources/resource-types.ts";
import type { Subject } from "./outputs.ts";

type CheckRequest = InstanceType<typeof providerMessages.CheckRequest>;

/** The input in which the provider notes which properties it made up, as Pulumi's bridge for Terraform providers does. */
export const defaultsKey = "__defaults";

/** How the operator wants names to be made up (`pulumi:autonaming`). */
const enforced = 1;
const disabled = 2;

/**
 * The name that is made up for a resource, as a property to add; empty where the program gives one. A resource keeps
 * the name that was made up for it.
 * @param olds inputs of the resource that exists
 * @throws {OperatorError} where a name must be given
 */
export function madeUpName(request: CheckRequest, subject: Subject, olds: Properties): Properties {
  const { type } = subject;
  const name = generatedNameOf(subject, digitsOf(request));
  const [property] = Object.keys(name);
  if (property === undefined) return {};
  if (isMadeUp(olds, property)) return { [property]: olds[property] };
  const autonaming = request.getAutonaming();
  const mode = Number(autonaming?.getMode());
  if (mode === disabled)
    throw new OperatorError(
      `${property} is required, because automatic names are disabled by configuration (pulumi:autonaming)`,
    );
  const proposed = autonaming?.getProposedName();
  if (!autonaming || !proposed) return name;
  const { maxLength = Number.POSITIVE_INFINITY } = resourceTypeOf(type)?.generatedName ?? {};
  if (mode === enforced || proposed.length <= maxLength) return { [property]: proposed };
  return name;
}

/** Whether the provider made up the property. */
export function isMadeUp(inputs: Properties, property: string): boolean {
  const defaults: unknown = inputs[defaultsKey];
  return Array.isArray(defaults) && defaults.includes(property) && inputs[property] !== undefined;
}

/** The engine's seed is the same for each attempt to create one resource. */
function digitsOf(request: CheckRequest): string {
  const seed = request.getRandomseed_asU8();
  return createHash("sha256")
    .update(seed.length > 0 ? seed : randomBytes(32))
    .update(request.getUrn())
    .digest("hex");
}
