import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import { topmostName } from "../graph/property-path.ts";
import { hasUnknown, readProperties, writeProperties } from "../protocol/property-values.ts";
import { diffResponse } from "./diff.ts";
import { propertyDiffs } from "./property-diffs.ts";
import { readConfiguration } from "./provider-configurations.ts";

type CheckRequest = InstanceType<typeof providerMessages.CheckRequest>;
type DiffRequest = InstanceType<typeof providerMessages.DiffRequest>;

/** Like us-east-1, us-gov-west-1 or ap-southeast-2. */
const regionForm = /^[a-z]{2,4}(-[a-z]+)?-(central|north|south|(north|south)?(east|west))-\d$/;

/** Checks the inputs of an `aws.Provider`: the region's form, and that one is given. */
export function checkConfig(request: CheckRequest, defaultRegion: string) {
  const { properties, secretPaths } = readProperties(request.getNews());
  const response = new providerMessages.CheckResponse();
  const { region = defaultRegion } = readConfiguration(properties);
  if (!hasUnknown(properties.region) && !regionForm.test(region))
    response.addFailures(
      new providerMessages.CheckFailure().setProperty("region").setReason(`invalid AWS Region: ${region}`),
    );
  return response.setInputs(writeProperties(properties, secretPaths));
}

/** What a change of an `aws.Provider` means: another region makes another provider, with all that it has created. */
export function diffConfig(request: DiffRequest) {
  const olds = readProperties(request.getOldInputs()).properties;
  const news = readProperties(request.getNews()).properties;
  return diffResponse(propertyDiffs(olds, news), (path) => topmostName(path) === "region");
}
