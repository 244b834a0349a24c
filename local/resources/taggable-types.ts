/** The types that local mode knows whose resources have tags on AWS. */
const taggable = new Set([
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
]);

/** Whether the resource takes tags, and those that its provider gives to each of its resources. */
export function isTaggable(type: string): boolean {
  return taggable.has(type);
}
