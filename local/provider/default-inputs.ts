import type { AwsAccount, Properties } from "../graph/resource-graph.ts";
import { hasUnknown, unknownValue } from "../protocol/property-values.ts";
import { resourceTypeOf } from "../resources/resource-types.ts";

/** Types that have tags, of those that local mode knows. */
const tagged = [
  "aws:acm/certificate:Certificate",
  "aws:apigatewayv2/api:Api",
  "aws:apigatewayv2/domainName:DomainName",
  "aws:apigatewayv2/stage:Stage",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:cognito/userPool:UserPool",
  "aws:iam/policy:Policy",
  "aws:iam/role:Role",
  "aws:lambda/function:Function",
];

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
    ...(tagged.includes(type) && {
      tagsAll: hasUnknown(inputs.tags) ? unknownValue : { ...defaultTags, ...inputs.tags },
    }),
  };
}
