import { graphOfStage } from "../graph/api-snapshot.ts";
import { type LeaveOut, readEach } from "../graph/read-each.ts";
import {
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
 * @param leaveOut told of each stage and route that local mode cannot serve: such a route fails, all else is served
 * @throws {Error} that names what local mode cannot serve, unless there is `leaveOut`
 */
export function deployedApis(graph: ResourceGraph, clock?: Clock, leaveOut?: LeaveOut): DeployedApi[] {
  const stages = resourcesOfType(graph, "aws:apigatewayv2/stage:Stage");
  const apis = readEach(stages, (stage) => readStage(graph, stage, clock, leaveOut), leaveOut);
  const isRepeated = ({ stageName }: DeployedApi, i: number) =>
    apis.findIndex((api) => api.stageName === stageName) !== i;
  const [twice] = apis.filter(isRepeated);
  if (!twice) return apis;
  const error = new OperatorError(
    `two APIs have a stage "${twice.stageName}": local mode tells APIs apart by their stage`,
  );
  if (!leaveOut) throw error;
  leaveOut(error);
  return apis.filter((api, i) => !isRepeated(api, i));
}

function readStage(
  graph: ResourceGraph,
  stage: RecordedResource,
  clock: Clock | undefined,
  leaveOut: LeaveOut | undefined,
): DeployedApi {
  const { apiId } = stage.inputs;
  const api = findById(graph, "aws:apigatewayv2/api:Api", apiId);
  const { protocolType, executionArn } = api.outputs;
  if (protocolType !== "WEBSOCKET")
    throw new OperatorError(`API "${api.name}" is ${protocolType}: local mode serves WEBSOCKET APIs only`);
  const selectRouteKey = compileSelection(api.inputs.routeSelectionExpression, `API "${api.name}"`);
  const seen = graphOfStage(graph, stage);
  const routes = resourcesOfType(seen, "aws:apigatewayv2/route:Route").filter(
    ({ inputs }) => inputs.apiId === apiId,
  );
  const read = readEach(
    routes,
    (route) => readRoute(seen, route, stage, executionArn, clock),
    leaveOut,
    failingRoute,
  );
  return {
    apiId,
    stageName: stage.outputs.name,
    domainName: new URL(api.outputs.apiEndpoint).hostname,
    stageArn: stage.outputs.executionArn,
    selectRouteKey,
    stageVariables: stage.inputs.stageVariables ?? {},
    routes: new Map(read.map((route) => [route.routeKey, route])),
  };
}

/** A route that is there and answers every call with an error: left out, it would open its API to everybody. */
function failingRoute({ inputs: { routeKey } }: RecordedResource): DeployedRoute {
  const nobody = { functionArn: "what local mode cannot serve", sourceArn: "", roleMayInvoke: true };
  return {
    routeKey,
    authorizer: undefined,
    integration: { type: "AWS_PROXY", target: nobody, timeoutMs: 1000 },
    admits: () => true,
    allows: () => true,
    replies: false,
  };
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
  if (!resource) throw new OperatorError(`the program refers to ${type} ${id}, which it does not declare`);
  return resource;
}
