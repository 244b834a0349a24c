import { rolePolicies } from "../account/roles.ts";
import type { ResourceGraph } from "../graph/resource-graph.ts";
import { evaluatePolicies } from "../iam/policy-evaluator.ts";
import { OperatorError } from "../operator-error.ts";
import { assumableBy, declaredRole } from "../resources/iam/assumable-role.ts";

/** A function that API Gateway calls, and what lets it. */
export interface FunctionTarget {
  readonly functionArn: string;
  /** The route or authorizer that a Lambda permission must name. */
  readonly sourceArn: string;
  /** Set where API Gateway calls the function in a role, which then decides in place of a permission. */
  readonly roleMayInvoke?: boolean;
}

export interface FunctionTargetArgs {
  /** The function's invoke ARN. */
  readonly uri: string;
  readonly credentialsArn: string | undefined;
  readonly sourceArn: string;
  /** Whose function it is, like `integration "say"`. */
  readonly where: string;
}

/** @throws {Error} that names a function or role that local mode cannot know */
export function readFunctionTarget(
  graph: ResourceGraph,
  { uri, credentialsArn, sourceArn, where }: FunctionTargetArgs,
): FunctionTarget {
  const functionArn = /\/functions\/(arn:.+)\/invocations$/.exec(uri)?.[1];
  if (!functionArn)
    throw new OperatorError(
      `${where}: ${uri} is not the invoke ARN of a function, and nothing else is emulated locally: call the service from a function, or leave it out when you run locally`,
    );
  if (!credentialsArn) return { functionArn, sourceArn };
  const role = declaredRole(credentialsArn, graph);
  if (!role)
    throw new OperatorError(
      `${where}: credentials ${credentialsArn} are no role that the program declares, so local mode cannot tell what they allow: declare the role, or use a Lambda permission`,
    );
  const roleMayInvoke =
    assumableBy("apigateway.amazonaws.com", role, graph) &&
    evaluatePolicies(rolePolicies(graph, credentialsArn), {
      action: "lambda:InvokeFunction",
      resource: functionArn,
    }) === "allowed";
  return { functionArn, sourceArn, roleMayInvoke };
}
