import {
  dependencyClosure,
  type Properties,
  type RecordedResource,
  type ResourceGraph,
  resourcesOfType,
} from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import { readIntegration } from "./deployed-integration.ts";
import { type FunctionTarget, readFunctionTarget } from "./function-target.ts";
import type { Integration } from "./integration.ts";
import { type MessageCheck, messageCheck } from "./message-models.ts";
import { compileSelection, type Selection } from "./selection-expression.ts";
import { type Clock, tokenBucket } from "./token-bucket.ts";

/** One stage of a WebSocket API, as its deployment froze it. */
export interface DeployedApi {
  readonly apiId: string;
  readonly stageName: string;
  /** The AWS host name that events name, and that functions call back. */
  readonly domainName: string;
  /** `<API's execution ARN>/<stage>`. */
  readonly stageArn: string;
  /** The route key that the API's selection expression gives for a message. */
  readonly selectRouteKey: Selection;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly routes: ReadonlyMap<string, DeployedRoute>;
}

export interface DeployedRoute {
  readonly routeKey: string;
  readonly authorizer: DeployedAuthorizer | undefined;
  /** Undefined: the route exists and does nothing. */
  readonly integration: Integration | undefined;
  /** Whether the route's throttle admits one more request; asking counts. */
  readonly admits: () => boolean;
  /** Whether the route's request models allow a message. */
  readonly allows: MessageCheck;
  /** Whether a route response carries the integration's body back to the client. */
  readonly replies: boolean;
}

export interface DeployedAuthorizer extends FunctionTarget {
  readonly identitySources: readonly string[];
}

/**
 * The stages that the graph serves. A stage serves its deployment, and a deployment holds what existed when it was
 * made: a route that it does not depend on may come too late, so it is left out.
 * @param clock what throttles go by
 * @throws {Error} that names what local mode cannot serve
 */
export function deployedApis(graph: ResourceGraph, clock?: Clock): DeployedApi[] {
  const stages = resourcesOfType(graph, "aws:apigatewayv2/stage:Stage");
  const apis = stages.map((stage) => {
    const { apiId } = stage.inputs;
    const api = findById(graph, "aws:apigatewayv2/api:Api", apiId);
    const { protocolType, executionArn } = api.outputs;
    if (protocolType !== "WEBSOCKET")
      throw new Error(`API "${api.name}" is ${protocolType}: local mode serves WEBSOCKET APIs only`);
    return {
      apiId,
      stageName: stage.outputs.name,
      domainName: new URL(api.outputs.apiEndpoint).hostname,
      stageArn: stage.outputs.executionArn,
      selectRouteKey: compileSelection(api.inputs.routeSelectionExpression, `API "${api.name}"`),
      stageVariables: stage.inputs.stageVariables ?? {},
      routes: new Map(
        deployedRoutes(graph, stage).map((route) => [
          route.inputs.routeKey,
          readRoute(graph, route, stage, executionArn, clock),
        ]),
      ),
    };
  });
  const twice = apis.find(({ stageName }, i) => apis.findIndex((api) => api.stageName === stageName) !== i);
  if (twice)
    throw new OperatorError(
      `two APIs have a stage "${twice.stageName}": local mode tells APIs apart by their stage`,
    );
  return apis;
}

function deployedRoutes(graph: ResourceGraph, stage: RecordedResource): RecordedResource[] {
  const { apiId, deploymentId, autoDeploy } = stage.inputs;
  const routes = resourcesOfType(graph, "aws:apigatewayv2/route:Route").filter(
    ({ inputs }) => inputs.apiId === apiId,
  );
  if (autoDeploy) return routes;
  if (!deploymentId) return [];
  const snapshot = dependencyClosure(
    graph,
    findById(graph, "aws:apigatewayv2/deployment:Deployment", deploymentId).urn,
  );
  return routes.filter((route) => snapshot.has(route.urn));
}

function readRoute(
  graph: ResourceGraph,
  route: RecordedResource,
  stage: RecordedResource,
  executionArn: string,
  clock: Clock | undefined,
): DeployedRoute {
  const { id, name, inputs } = route;
  const { routeKey, authorizationType = "NONE", authorizerId, target } = inputs;
  if (!["NONE", "CUSTOM"].includes(authorizationType))
    throw new OperatorError(
      `route "${name}": authorizationType ${authorizationType} is not emulated locally, only NONE and CUSTOM: give the route one of these when you run locally`,
    );
  for (const property of ["apiKeyRequired", "requestParameters"])
    if (inputs[property] && inputs[property].length !== 0)
      throw new OperatorError(
        `route "${name}": ${property} is not emulated locally: leave it out when you run locally`,
      );
  const integration: RecordedResource | undefined =
    target &&
    findById(graph, "aws:apigatewayv2/integration:Integration", target.replace("integrations/", ""));
  const responses = resourcesOfType(graph, "aws:apigatewayv2/routeResponse:RouteResponse");
  return {
    routeKey,
    authorizer:
      authorizationType === "CUSTOM" ? readAuthorizer(graph, authorizerId, executionArn) : undefined,
    integration:
      integration && readIntegration(graph, integration, `${stage.outputs.executionArn}/${routeKey}`),
    admits: throttleOf(stage, routeKey, clock),
    allows: messageCheck(graph, route),
    replies:
      inputs.routeResponseSelectionExpression === "$default" &&
      responses.some(
        ({ inputs: response }) => response.routeId === id && response.routeResponseKey === "$default",
      ),
  };
}

/** The throttle that the stage declares for the route, or else for all: each route has its own. */
function throttleOf({ inputs }: RecordedResource, routeKey: string, clock: Clock | undefined): () => boolean {
  const { defaultRouteSettings, routeSettings = [] } = inputs;
  const own = routeSettings.find((settings: Properties) => settings.routeKey === routeKey);
  const { throttlingRateLimit: rate, throttlingBurstLimit: burst } = own ?? defaultRouteSettings ?? {};
  return rate && burst ? tokenBucket(rate, burst, clock) : () => true;
}

function readAuthorizer(
  graph: ResourceGraph,
  authorizerId: string,
  executionArn: string,
): DeployedAuthorizer {
  const { inputs, id, name } = findById(graph, "aws:apigatewayv2/authorizer:Authorizer", authorizerId);
  const target = readFunctionTarget(graph, {
    uri: inputs.authorizerUri,
    credentialsArn: inputs.authorizerCredentialsArn,
    sourceArn: `${executionArn}/authorizers/${id}`,
    where: `authorizer "${name}"`,
  });
  return { ...target, identitySources: inputs.identitySources ?? [] };
}

function findById(graph: ResourceGraph, type: string, id: string): RecordedResource {
  const resource = resourcesOfType(graph, type).find((candidate) => candidate.id === id);
  if (!resource) throw new Error(`the program refers to ${type} ${id}, which it does not declare`);
  return resource;
}
