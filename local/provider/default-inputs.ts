import type { AwsAccount, Properties } from "../graph/resource-graph.ts";
import { hasUnknown, unknownValue } from "../protocol/property-values.ts";
import { resourceTypeOf } from "../resources/resource-types.ts";

/**
 * The region of a resource, and its tags with those of the provider: Pulumi's AWS provider adds both to the inputs
 * (pulumi/pulumi-aws, region.go and tags.go).
 */
export function defaultInputs(
  type: string,
  inputs: Properties,
  { region }: AwsAccount,
  defaultTags: Properties,
): Properties {
  const known = resourceTypeOf(type);
  return {
    ...(known && !known.isGlobal && { region: inputs.region ?? region }),
    ...(known?.takesTags && {
      tagsAll: hasUnknown(inputs.tags) ? unknownValue : { ...defaultTags, ...inputs.tags },
    }),
  };
}
