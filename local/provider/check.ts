import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import { topmostName } from "../graph/property-path.ts";
import type { Properties } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import { readProperties, unknownValue, writeProperties } from "../protocol/property-values.ts";
import { defaultInputs } from "./default-inputs.ts";
import { defaultsKey, madeUpName } from "./names.ts";
import { previewedOutputs, type Subject } from "./outputs.ts";
import type { ProviderContext } from "./provider-context.ts";
import { describe, knownBreaches } from "./refusals.ts";

type CheckRequest = InstanceType<typeof providerMessages.CheckRequest>;
type CheckResponse = InstanceType<typeof providerMessages.CheckResponse>;

/** Completes the inputs of a resource, and reports what AWS would refuse of those that are known. */
export function check(request: CheckRequest, context: ProviderContext): CheckResponse {
  const { properties: news, secretPaths } = readProperties(request.getNews());
  const olds = readProperties(request.getOlds()).properties;
  const given = withoutNulls(news);
  const account = context.accountOf(given);
  const subject = { urn: request.getUrn(), type: request.getType(), name: request.getName() };
  const added = defaultInputs(subject.type, given, account, context.settings.defaultTags);
  const response = new providerMessages.CheckResponse();
  let name: Properties = {};
  try {
    name = madeUpName(request, { ...subject, inputs: given }, olds);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    response.addFailures(failure("", error.message));
  }
  const inputs = { ...given, ...added, ...name };
  for (const breach of breachesOf({ ...subject, inputs }, context))
    response.addFailures(failure(topmostName(breach.property), describe(breach, secretPaths)));
  const secretTags = secretPaths.some((path) => topmostName(path) === "tags") ? ["tagsAll"] : [];
  const checked = { ...inputs, [defaultsKey]: Object.keys(name) };
  return response.setInputs(writeProperties(checked, [...secretPaths, ...secretTags]));
}

function breachesOf(subject: Subject, context: ProviderContext) {
  const account = context.accountOf(subject.inputs);
  const outputs = previewedOutputs(subject, account);
  const others = { custom: true, read: false, parent: undefined, dependencies: [], retainOnDelete: false };
  return knownBreaches({ ...subject, ...others, id: unknownValue, outputs }, account);
}

function failure(property: string, reason: string) {
  return new providerMessages.CheckFailure().setProperty(property).setReason(reason);
}

function withoutNulls(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null));
}
