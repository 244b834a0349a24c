import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import type { AwsAccount, Properties, RecordedResource } from "../graph/resource-graph.ts";
import { assetOf, readProperties, writeProperties } from "../protocol/property-values.ts";
import { createResource, defaultsOf, resourceTypeOf } from "../resources/resource-types.ts";
import { writtenOutputs } from "./create.ts";
import { defaultsKey } from "./names.ts";
import type { Subject } from "./outputs.ts";
import { withoutNotes } from "./property-diffs.ts";
import type { ProviderContext } from "./provider-context.ts";

type ReadRequest = InstanceType<typeof providerMessages.ReadRequest>;
type ReadResponse = InstanceType<typeof providerMessages.ReadResponse>;

/**
 * The present state of a resource: an empty answer for one that this provider has created and that is gone. A resource
 * that a program only reads, like a hosted zone, need not be in the emulated account: somebody else has made it.
 */
export async function read(request: ReadRequest, context: ProviderContext): Promise<ReadResponse> {
  const { properties: inputs, secretPaths } = readProperties(request.getInputs());
  const account = context.accountOf(inputs);
  const subject = {
    urn: request.getUrn(),
    type: request.getType(),
    name: request.getName(),
    inputs: withoutNotes(inputs),
  };
  const identity = identityOf(subject, request.getId());
  const held = (await context.find(identity, account))?.resource;
  const response = new providerMessages.ReadResponse();
  if (held) {
    const present = { ...presentInputs(held, inputs), ...notesOf(inputs) };
    return response
      .setId(held.id)
      .setProperties(writtenOutputs(held.outputs, present, secretPaths))
      .setInputs(writeProperties(present, secretPaths));
  }
  if (inputs[defaultsKey] !== undefined || !resourceTypeOf(subject.type)) return response;
  const outputs = outputsOfOthers(subject, identity.id, account);
  return response
    .setId(identity.id)
    .setProperties(writeProperties(outputs, secretPaths))
    .setInputs(request.getInputs());
}

/** The inputs of the resource as it is, with archives as the engine has sent them. */
function presentInputs(held: RecordedResource, inputs: Properties): Properties {
  const archives = Object.entries(inputs).filter(([, value]) => assetOf(value));
  return { ...held.inputs, ...Object.fromEntries(archives) };
}

function notesOf(inputs: Properties): Properties {
  return { [defaultsKey]: inputs[defaultsKey] ?? [] };
}

/** Import ids of what has its name inside something else have that in front: `<API id>/<stage>`. */
function identityOf({ type, inputs }: Subject, id: string) {
  const [scope = "", name, ...others] = id.split("/");
  const isScoped = name !== undefined && others.length === 0;
  if (isScoped && type === "aws:apigatewayv2/stage:Stage")
    return { type, id: name, inputs: { apiId: scope } };
  if (isScoped && type === "aws:lambda/permission:Permission")
    return { type, id: name, inputs: { function: scope } };
  return { type, id, inputs };
}

function outputsOfOthers(subject: Subject, id: string, account: AwsAccount): Properties {
  const { outputs } = createResource({ ...subject, id }, account);
  return { ...defaultsOf(subject.type, account), ...subject.inputs, ...outputs };
}
