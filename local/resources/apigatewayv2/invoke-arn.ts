import { functionPolicies } from "../../account/function-rights.ts";
import { type RecordedResource, resourcesOfType } from "../../graph/resource-graph.ts";
import type { Breach, Surroundings } from "../rule.ts";

/** The ARN by which API Gateway calls a function: an API Gateway ARN with the function's own in it. */
export const invokeArn =
  /^arn:[^:]+:apigateway:[^:]+:lambda:path\/2015-03-31\/functions\/(arn:.+)\/invocations$/;

/** The breach, if no Lambda permission lets API Gateway call the program's own function for one of the sources. */
export function forbidden(
  { inputs }: RecordedResource,
  uri: "integrationUri" | "authorizerUri",
  sources: readonly string[],
  surroundings: Surroundings,
  breach: Pick<Breach, "property" | "value">,
): Breach | undefined {
  const functionArn = invokeArn.exec(inputs[uri])?.[1];
  const isOwn = resourcesOfType(surroundings, "aws:lambda/function:Function").some(
    ({ outputs }) => outputs.arn === functionArn,
  );
  if (functionArn === undefined || !isOwn) return undefined;
  const permits = functionPolicies(surroundings);
  const source = sources.find((sourceArn) => !permits(functionArn, sourceArn));
  return source === undefined
    ? undefined
    : { ...breach, answer: `no Lambda permission lets API Gateway call ${functionArn} for ${source}` };
}
