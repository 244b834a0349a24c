import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import { topmostName } from "../graph/property-path.ts";
import type { AwsAccount } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import { providerSettings } from "../program/provider-accounts.ts";
import { hasUnknown, readProperties, writeProperties } from "../protocol/property-values.ts";
import { diffResponse } from "./diff.ts";
import { propertyDiffs } from "./property-diffs.ts";

type CheckRequest = InstanceType<typeof providerMessages.CheckRequest>;
type DiffRequest = InstanceType<typeof providerMessages.DiffRequest>;

/** Checks the inputs of an `aws.Provider`. @param base the account and region of a provider that names none */
export function checkConfig(request: CheckRequest, base: AwsAccount) {
  const { properties, secretPaths } = readProperties(request.getNews());
  const response = new providerMessages.CheckResponse();
  try {
    if (!hasUnknown(properties)) providerSettings(properties, base);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    response.addFailures(new providerMessages.CheckFailure().setProperty("region").setReason(error.message));
  }
  return response.setInputs(writeProperties(properties, secretPaths));
}

/** What a change of an `aws.Provider` means: another region makes another provider, with all that it has created. */
export function diffConfig(request: DiffRequest) {
  const olds = readProperties(request.getOldInputs()).properties;
  const news = readProperties(request.getNews()).properties;
  return diffResponse(propertyDiffs(olds, news), (path) => topmostName(path) === "region");
}
