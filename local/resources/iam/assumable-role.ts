import type { RecordedResource } from "../../graph/resource-graph.ts";
import { evaluatePolicies, parsePolicyDocument } from "../../iam/policy-evaluator.ts";
import type { Surroundings } from "../rule.ts";

/** The role of that ARN, if the program declares it. */
export function declaredRole(arn: string, { resources }: Surroundings): RecordedResource | undefined {
  return resources.find(({ type, outputs }) => type === "aws:iam/role:Role" && outputs.arn === arn);
}

/** Whether the role's trust policy lets a service, like lambda.amazonaws.com, assume it. */
export function assumableBy(
  service: string,
  { inputs, outputs }: RecordedResource,
  { account }: Surroundings,
): boolean {
  if (!inputs.assumeRolePolicy) return true;
  const trust = parsePolicyDocument(inputs.assumeRolePolicy, "assumeRolePolicy", "trust");
  const request = {
    action: "sts:AssumeRole",
    resource: outputs.arn,
    principal: { Service: service },
    conditionKeys: { "aws:SourceAccount": account.accountId },
  };
  return evaluatePolicies([trust], request) === "allowed";
}
