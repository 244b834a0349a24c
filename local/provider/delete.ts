import type providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import { OperatorError } from "../operator-error.ts";
import { readProperties } from "../protocol/property-values.ts";
import { resourceTypeOf } from "../resources/resource-types.ts";
import type { ProviderContext } from "./provider-context.ts";

type DeleteRequest = InstanceType<typeof providerMessages.DeleteRequest>;

/** Deletes a resource; one that is gone already is no error. @throws {OperatorError} with AWS's answer */
export async function deleteResource(request: DeleteRequest, context: ProviderContext) {
  const inputs = readProperties(request.getOldInputs() ?? request.getProperties()).properties;
  const account = context.accountOf(inputs);
  const identity = { type: request.getType(), id: request.getId(), inputs };
  const held = context.args.account.find(identity, account);
  if (held) {
    const { resources } = context.args.account.surroundings(account, held);
    const refusal = resourceTypeOf(held.resource.type)?.refusesDeletion?.(held.resource, resources);
    if (refusal) throw new OperatorError(refusal);
    context.args.account.remove(held);
    await context.changed({ operation: "delete", resource: held.resource, properties: [] });
  }
  return new emptyMessages.Empty();
}
