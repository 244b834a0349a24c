import { OperatorError } from "../operator-error.ts";
import {
  dependencyClosure,
  type RecordedResource,
  type ResourceGraph,
  resourcesOfType,
} from "./resource-graph.ts";

/** What a Deployment freezes of an API; the API itself, its stages and its functions are not in it. */
const partTypes = [
  "aws:apigatewayv2/authorizer:Authorizer",
  "aws:apigatewayv2/integration:Integration",
  "aws:apigatewayv2/integrationResponse:IntegrationResponse",
  "aws:apigatewayv2/model:Model",
  "aws:apigatewayv2/route:Route",
  "aws:apigatewayv2/routeResponse:RouteResponse",
];

/** The parts of an API as they are now: what a Deployment that is created now freezes. */
export function apiParts({ resources }: Pick<ResourceGraph, "resources">, apiId: string): RecordedResource[] {
  return resources.filter(({ type, inputs }) => partTypes.includes(type) && inputs.apiId === apiId);
}

/**
 * The graph as a stage sees it: with the parts of its API that its deployment froze, or with those of now where the
 * stage deploys by itself, and with none where it has no deployment.
 * @throws {Error} if the stage's deployment is not in the graph
 */
export function graphOfStage(graph: ResourceGraph, stage: RecordedResource): ResourceGraph {
  const { apiId, deploymentId, autoDeploy } = stage.inputs;
  if (autoDeploy) return graph;
  const parts = deploymentId ? frozenParts(graph, apiId, deploymentId) : [];
  const others = graph.resources.filter(
    ({ type, inputs }) => !(partTypes.includes(type) && inputs.apiId === apiId),
  );
  return { ...graph, resources: [...others, ...parts] };
}

function frozenParts(graph: ResourceGraph, apiId: string, deploymentId: string): readonly RecordedResource[] {
  const frozen = graph.snapshots?.get(deploymentId);
  if (frozen) return frozen;
  const deployment = resourcesOfType(graph, "aws:apigatewayv2/deployment:Deployment").find(
    ({ id }) => id === deploymentId,
  );
  if (!deployment)
    throw new OperatorError(
      `the program refers to aws:apigatewayv2/deployment:Deployment ${deploymentId}, which it does not declare`,
    );
  const closure = dependencyClosure(graph, deployment.urn);
  // A route that the deployment does not depend on may come too late.
  return apiParts(graph, apiId).filter(
    ({ type, urn }) => type !== "aws:apigatewayv2/route:Route" || closure.has(urn),
  );
}

/** Parts that clients notice: what no route names any more is not served. */
const noticedTypes = ["aws:apigatewayv2/route:Route", "aws:apigatewayv2/routeResponse:RouteResponse"];

/**
 * Parts of an API that a program declares no more and that its stage would still serve on AWS, like `route whoami`:
 * Pulumi deletes them after it has made the Deployment.
 */
export function stillServed(
  deleted: readonly RecordedResource[],
  after: Pick<ResourceGraph, "resources">,
): string[] {
  const deployed = resourcesOfType(after, "aws:apigatewayv2/stage:Stage").filter(
    ({ inputs }) => inputs.deploymentId !== undefined,
  );
  return deleted
    .filter(
      ({ type, inputs }) =>
        noticedTypes.includes(type) && deployed.some((stage) => stage.inputs.apiId === inputs.apiId),
    )
    .map(({ type, name, inputs }) =>
      type === "aws:apigatewayv2/route:Route" ? `route ${inputs.routeKey}` : `response of ${name}`,
    );
}
