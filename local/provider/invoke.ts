import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import { readProperties, writeProperties } from "../protocol/property-values.ts";
import { awsFunctions } from "../resources/aws-functions.ts";
import type { ProviderContext } from "./provider-context.ts";

type InvokeRequest = InstanceType<typeof providerMessages.InvokeRequest>;

/** Answers a function like `aws.getRegion`. @throws {OperatorError} for one that is not emulated */
export function invoke(request: InvokeRequest, context: ProviderContext) {
  const args = readProperties(request.getArgs()).properties;
  const answer = awsFunctions({ token: request.getTok(), args }, context.accountOf(args));
  return new providerMessages.InvokeResponse().setReturn(writeProperties(answer));
}
