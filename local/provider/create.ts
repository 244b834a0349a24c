import { randomUUID } from "node:crypto";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import {
  type AwsAccount,
  type Properties,
  projectOf,
  type RecordedResource,
} from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import { assetOf, readProperties, type Struct, writeProperties } from "../protocol/property-values.ts";
import { packageFiles } from "../resources/package-files.ts";
import { resourceTypeOf } from "../resources/resource-types.ts";
import type { Surroundings } from "../resources/rule.ts";
import { previewedOutputs, recordedResource, type Subject } from "./outputs.ts";
import { withoutNotes } from "./property-diffs.ts";
import type { ProviderContext } from "./provider-context.ts";
import { refusalOf } from "./refusals.ts";

type CreateRequest = InstanceType<typeof providerMessages.CreateRequest>;
type CreateResponse = InstanceType<typeof providerMessages.CreateResponse>;

/** Creates a resource, or tells in a preview what is known of it. @throws {OperatorError} with AWS's answer */
export async function create(request: CreateRequest, context: ProviderContext): Promise<CreateResponse> {
  const { subject, secretPaths } = readSubject(request, request.getProperties());
  const account = context.accountOf(subject.inputs);
  const response = new providerMessages.CreateResponse();
  if (request.getPreview())
    return response.setProperties(writeProperties(previewedOutputs(subject, account), secretPaths));
  const held = context.args.account;
  const seed = randomUUID();
  const resource = recordedResource(withPackages(subject, context), account, seed, {
    home: held.home,
    secretPaths,
  });
  const refusal = refusalOf(resource, surroundingsOf(resource, account, context), secretPaths);
  if (refusal) throw new OperatorError(refusal);
  const operation = held.hasUrn(resource.urn) ? "replace" : "create";
  held.put({ resource, account, seed });
  await context.changed({ operation, resource, properties: [] });
  if (!resourceTypeOf(resource.type)) context.args.onWarning(inertWarning(resource));
  return response
    .setId(resource.id)
    .setProperties(writtenOutputs(resource.outputs, subject.inputs, secretPaths));
}

/** What the resource meets; with itself where its service has one of its name that no stack has created. */
function surroundingsOf(
  resource: RecordedResource,
  account: AwsAccount,
  { args }: ProviderContext,
): Surroundings {
  const surroundings = args.account.surroundings(account);
  const state = args.readService?.(resource);
  if (state === undefined || state === "gone") return surroundings;
  return { ...surroundings, resources: [...surroundings.resources, resource] };
}

/** What a request asks for: its inputs without the provider's own notes. */
export function readSubject(
  request: Pick<CreateRequest, "getUrn" | "getType" | "getName">,
  properties: Struct | undefined,
): { readonly subject: Subject; readonly secretPaths: readonly string[] } {
  const { properties: inputs, secretPaths } = readProperties(properties);
  const subject = {
    urn: request.getUrn(),
    type: request.getType(),
    name: request.getName(),
    inputs: withoutNotes(inputs),
  };
  return { subject, secretPaths };
}

/** The resource with the files of its packages in place of the archives. @throws {OperatorError} for what cannot be read */
export function withPackages(subject: Subject, { args }: ProviderContext): Subject {
  const where = `${subject.type} "${subject.name}"`;
  return { ...subject, inputs: packageFiles(subject.inputs, args.folderOf(projectOf(subject)), where) };
}

/** Outputs as the engine keeps them: archives as it has sent them, secrets as secrets. */
export function writtenOutputs(
  outputs: Properties,
  inputs: Properties,
  secretPaths: readonly string[],
): Struct {
  const archives = Object.entries(inputs).filter(([, value]) => assetOf(value));
  const secretOutputs = outputs.clientSecret ? ["clientSecret"] : [];
  return writeProperties({ ...outputs, ...Object.fromEntries(archives) }, [...secretPaths, ...secretOutputs]);
}

function inertWarning({ type, name }: RecordedResource): string {
  return `${type} "${name}" is not emulated: it has an id, an ARN and its inputs, and does nothing`;
}
