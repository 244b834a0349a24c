import { type DeployedApi, deployedApis } from "../../local/gateway/deployed-api.ts";
import type { Clock } from "../../local/gateway/token-bucket.ts";
import type { Properties, RecordedResource } from "../../local/graph/resource-graph.ts";
import { graphOf, resource } from "../resource-graph.ts";

const apiId = "a1b2c3d4e5";
const executionArn = `arn:aws:execute-api:us-east-1:123456789012:${apiId}`;

/** What API Gateway calls the function of a name by. */
export function invokeArn(name: string): string {
  return `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${name}/invocations`;
}

export interface RouteOfGraph {
  readonly routeKey?: string;
  readonly integration: Properties;
  /** Integration responses by their keys. */
  readonly responses?: Readonly<Record<string, Properties>>;
  readonly replies?: boolean;
}

/** Resources of a route with its integration, named for the route's key. */
export function routeResources({
  routeKey = "say",
  integration,
  responses = {},
  replies = true,
}: RouteOfGraph): RecordedResource[] {
  const name = routeKey;
  const selection = replies ? { routeResponseSelectionExpression: "$default" } : {};
  return [
    resource("apigatewayv2/integration:Integration", name, { inputs: { apiId, ...integration } }),
    ...Object.entries(responses).map(([integrationResponseKey, inputs]) =>
      resource("apigatewayv2/integrationResponse:IntegrationResponse", `${name} ${integrationResponseKey}`, {
        inputs: { apiId, integrationId: name, integrationResponseKey, ...inputs },
      }),
    ),
    resource("apigatewayv2/route:Route", name, {
      inputs: { apiId, routeKey, authorizationType: "NONE", target: `integrations/${name}`, ...selection },
    }),
    resource("apigatewayv2/routeResponse:RouteResponse", name, {
      inputs: { apiId, routeId: name, routeResponseKey: "$default" },
    }),
  ];
}

/** Stage `prod` of an API that deploys by itself, from these resources and inputs of the stage. */
export function deployedApi(
  resources: readonly RecordedResource[],
  stageInputs: Properties = {},
  clock?: Clock,
): DeployedApi {
  const api = resource("apigatewayv2/api:Api", "chat", {
    id: apiId,
    inputs: { protocolType: "WEBSOCKET", routeSelectionExpression: "$request.body.action" },
    outputs: { executionArn, apiEndpoint: `wss://${apiId}.execute-api.us-east-1.amazonaws.com` },
  });
  const stage = resource("apigatewayv2/stage:Stage", "prod", {
    inputs: { apiId, name: "prod", autoDeploy: true, stageVariables: { color: "blue" }, ...stageInputs },
    outputs: { executionArn: `${executionArn}/prod` },
  });
  const [only, ...others] = deployedApis(graphOf(api, ...resources, stage), clock);
  if (!only || others.length > 0) throw new Error("there must be one API");
  return only;
}
