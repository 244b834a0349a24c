import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import { OperatorError } from "../operator-error.ts";
import { hasUnknown, readProperties } from "../protocol/property-values.ts";
import { readSubject, withPackages, writtenOutputs } from "./create.ts";
import { previewedOutputs, recordedResource } from "./outputs.ts";
import { propertyDiffs, withoutNotes } from "./property-diffs.ts";
import type { ProviderContext } from "./provider-context.ts";
import { refusalOf } from "./refusals.ts";

type UpdateRequest = InstanceType<typeof providerMessages.UpdateRequest>;
type UpdateResponse = InstanceType<typeof providerMessages.UpdateResponse>;

/** Changes a resource in place, or tells in a preview what is known of it then. @throws {OperatorError} with AWS's answer */
export async function update(request: UpdateRequest, context: ProviderContext): Promise<UpdateResponse> {
  const { subject, secretPaths } = readSubject(request, request.getNews());
  const olds = withoutNotes(readProperties(request.getOldInputs()).properties);
  const account = context.accountOf(subject.inputs);
  const held = await context.find({ ...subject, inputs: olds, id: request.getId() }, account);
  const response = new providerMessages.UpdateResponse();
  if (request.getPreview()) {
    const { outputs } =
      held && !hasUnknown(subject.inputs)
        ? recordedResource(subject, account, held.seed)
        : { outputs: { ...held?.resource.outputs, ...previewedOutputs(subject, account) } };
    return response.setProperties(writtenOutputs(outputs, subject.inputs, secretPaths));
  }
  if (!held)
    throw new OperatorError(
      `NotFoundException: ${subject.type} ${request.getId()} does not exist (run pulumi refresh, then pulumi up: local mode starts with an empty account)`,
    );
  const { seed } = held;
  const resource = recordedResource(withPackages(subject, context), account, seed, {
    id: held.resource.id,
    home: context.args.account.home,
    secretPaths,
  });
  const refusal = refusalOf(resource, context.args.account.surroundings(account, held), secretPaths);
  if (refusal) throw new OperatorError(refusal);
  context.args.account.put({ resource, account, seed });
  const properties = propertyDiffs(olds, subject.inputs).map(({ path }) => path);
  await context.changed({ operation: "update", resource, properties });
  return response.setProperties(writtenOutputs(resource.outputs, subject.inputs, secretPaths));
}
