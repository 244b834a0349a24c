import { resourcesOfType } from "../../graph/resource-graph.ts";
import { generatedName } from "../generated-name.ts";
import { idOf } from "../identifiers.ts";
import { absent, matching, oneOf, optional, required } from "../property-checks.ts";
import type { ResourceType } from "../resource-type.ts";
import { apiCalls } from "./api-calls.ts";
import { forbidden, invokeArn } from "./invoke-arn.ts";

const identitySource = /^(route\.request\.(header|querystring)|stageVariables|context)\.[a-zA-Z0-9._-]+$/;

/** The function that decides on a connection. */
export const authorizer: ResourceType = {
  type: "aws:apigatewayv2/authorizer:Authorizer",
  generatedName,
  create: (resource) => ({ id: idOf(resource, 6), outputs: {} }),
  replacedBy: ["apiId"],
  taken: {
    properties: ["apiId", "name"],
    answer: ({ outputs: { name } }) =>
      `BadRequestException: Authorizer name must be unique. Authorizer ${name} already exists in this RestApi.`,
  },
  refusesDeletion: ({ id, outputs }, others) => {
    const route = others.find(
      ({ type, inputs }) => type === "aws:apigatewayv2/route:Route" && inputs.authorizerId === id,
    );
    return route
      ? `ConflictException: Cannot delete authorizer '${outputs.name}', is referenced in route: ${route.inputs.routeKey}`
      : undefined;
  },
  rules: [
    {
      name: "authorizer-name",
      check: optional("name", matching(/^.{1,128}$/), "must have 1 to 128 characters"),
    },
    {
      name: "authorizer-type",
      check: required(
        "authorizerType",
        oneOf("REQUEST"),
        "BadRequestException: Only REQUEST authorizer type is supported on WEBSOCKET protocol Apis.",
      ),
    },
    {
      name: "authorizer-http-only",
      check: absent(
        [
          "authorizerResultTtlInSeconds",
          "authorizerPayloadFormatVersion",
          "enableSimpleResponses",
          "jwtConfiguration",
        ],
        (property) =>
          `BadRequestException: ${property.replace(/^./, (letter) => letter.toUpperCase())} cannot be set for WEBSOCKET protocol Apis`,
      ),
    },
    {
      name: "authorizer-uri",
      check: required("authorizerUri", matching(invokeArn), (uri) =>
        uri === undefined
          ? "BadRequestException: AuthorizerUri is a required field in an Authorizer"
          : "must be a function's invoke ARN (invokeArn)",
      ),
    },
    {
      name: "authorizer-identity-sources",
      check: ({ inputs: { identitySources = [] } }) => {
        const wrong = identitySources.findIndex((source: string) => !identitySource.test(source));
        return wrong === -1
          ? undefined
          : {
              property: `identitySources[${wrong}]`,
              value: identitySources[wrong],
              answer: `BadRequestException: Invalid request identity source expression: ${identitySources[wrong]}. The sources must be separated by comma, and each source must be either a request parameter, matching 'route.request.querystring|header.[a-zA-Z0-9._-]+', or a stage variable, matching 'stageVariables.[a-zA-Z0-9._-]+', or a context parameter, matching 'context.[a-zA-Z0-9._-]+'`,
            };
      },
    },
    {
      name: "authorizer-permission",
      severity: "warning",
      check: (resource, surroundings) => {
        const { authorizerUri, authorizerCredentialsArn, apiId } = resource.inputs;
        if (authorizerCredentialsArn) return undefined;
        const sources = resourcesOfType(surroundings, "aws:apigatewayv2/api:Api")
          .filter(({ id }) => id === apiId)
          .map(({ outputs }) => `${outputs.executionArn}/authorizers/${resource.id}`);
        return forbidden(resource, "authorizerUri", sources, surroundings, {
          property: "authorizerUri",
          value: authorizerUri,
        });
      },
    },
  ],
  deployment: [apiCalls],
};
