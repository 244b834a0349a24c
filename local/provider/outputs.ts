import { isDeepStrictEqual } from "node:util";
import type { AwsAccount, Properties, RecordedResource } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import { hasUnknown, unknownValue } from "../protocol/property-values.ts";
import { arnOf, digestOf } from "../resources/identifiers.ts";
import { createResource, defaultsOf, resourceTypeOf } from "../resources/resource-types.ts";

/** A resource as a request names it. */
export interface Subject {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
}

export interface RecordedArgs {
  /** Of a resource that exists. */
  readonly id?: string;
  /** Where resources live that say nothing of it. */
  readonly home?: AwsAccount;
  readonly secretPaths?: readonly string[];
}

/**
 * The resource as AWS has it. A type that nobody has emulated gets an id and an ARN.
 * @param seed what its id and what AWS chooses are made from: another one makes another resource
 */
export function recordedResource(
  { urn, type, name, inputs }: Subject,
  account: AwsAccount,
  seed: string,
  { id, home, secretPaths = [] }: RecordedArgs = {},
): RecordedResource {
  const resource = { type, name, urn: `${urn}::${seed}`, inputs, id: undefined };
  const created = resourceTypeOf(type) ? createResource(resource, account) : inert(resource, account);
  return {
    ...{ urn, type, name, inputs },
    custom: true,
    read: false,
    id: id ?? created.id,
    outputs: { ...defaultsOf(type, account), ...inputs, ...created.outputs },
    parent: undefined,
    dependencies: [],
    retainOnDelete: false,
    ...(home && placeOf(account) !== placeOf(home) && { account }),
    ...(secretPaths.length > 0 && { secretPaths }),
  };
}

function placeOf({ accountId, region }: AwsAccount): string {
  return `${accountId} ${region}`;
}

/** The outputs as far as they are known before the resource is created: what AWS chooses is not. */
export function previewedOutputs(subject: Subject, account: AwsAccount): Properties {
  try {
    const [one, other] = ["one", "other"].map((seed) => recordedResource(subject, account, seed).outputs);
    return Object.fromEntries(
      Object.entries(one ?? {}).map(([name, value]) => [
        name,
        isDeepStrictEqual(value, other?.[name]) ? withUnknowns(value) : unknownValue,
      ]),
    );
  } catch (error) {
    // What AWS adds to inputs that are not known yet, or that the check has refused.
    if (hasUnknown(subject.inputs) || error instanceof OperatorError) return subject.inputs;
    throw error;
  }
}

/** A text that was made from an unknown value is unknown itself. */
function withUnknowns(value: unknown): unknown {
  if (typeof value === "string") return value.includes(unknownValue) ? unknownValue : value;
  if (Array.isArray(value)) return value.map(withUnknowns);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withUnknowns(member)]));
}

function inert(subject: Subject, account: AwsAccount) {
  const { type, name, inputs } = subject;
  const [, module = "", kind = ""] = type.split(":");
  const [service = ""] = module.split("/");
  const id = inputs.name ?? `${name}-${digestOf(subject).slice(0, 7)}`;
  return { id: String(id), outputs: { name: String(id), arn: arnOf(service, account, `${kind}/${id}`) } };
}
