import { resourcesOfType } from "../../graph/resource-graph.ts";
import { idOf } from "../identifiers.ts";
import { absent, matching, oneOf, optional } from "../property-checks.ts";
import type { ResourceType } from "../resource-type.ts";
import { apiCalls } from "./api-calls.ts";
import { forbidden } from "./invoke-arn.ts";
import { routeDeployed } from "./route-deployed.ts";

/** What happens with a connection or a message. */
export const route: ResourceType = {
  type: "aws:apigatewayv2/route:Route",
  create: (resource) => ({ id: idOf(resource, 7), outputs: {} }),
  defaults: { apiKeyRequired: false, authorizationType: "NONE" },
  replacedBy: ["apiId"],
  deletes: ({ id }, { inputs }) => inputs.routeId === id,
  rules: [
    {
      name: "route-key-prefix",
      check: optional(
        "routeKey",
        matching(/^(\$connect|\$disconnect|\$default|[^$].*)$/),
        "only $connect, $disconnect and $default start with $",
      ),
    },
    {
      name: "route-key-length",
      check: optional("routeKey", (key) => key.length <= 128, "must have at most 128 characters"),
    },
    {
      name: "route-exists",
      check: ({ inputs: { apiId, routeKey } }, surroundings) =>
        resourcesOfType(surroundings, "aws:apigatewayv2/route:Route").some(
          ({ inputs }) => inputs.apiId === apiId && inputs.routeKey === routeKey,
        )
          ? {
              property: "routeKey",
              value: routeKey,
              answer: `ConflictException: Route with key ${routeKey} already exists for this API`,
            }
          : undefined,
    },
    {
      name: "route-authorization-type",
      check: optional(
        "authorizationType",
        oneOf("NONE", "AWS_IAM", "CUSTOM"),
        "a WebSocket API takes NONE, AWS_IAM or CUSTOM",
      ),
    },
    {
      name: "route-authorization-on-connect",
      check: ({ inputs: { routeKey, authorizationType = "NONE" } }) =>
        routeKey !== "$connect" && authorizationType !== "NONE"
          ? {
              property: "authorizationType",
              value: authorizationType,
              answer:
                "BadRequestException: Currently, authorization is restricted to the $connect route only",
            }
          : undefined,
    },
    {
      name: "route-authorizer",
      check: ({ inputs: { authorizationType, authorizerId, apiId } }, surroundings) =>
        authorizationType === "CUSTOM" &&
        !resourcesOfType(surroundings, "aws:apigatewayv2/authorizer:Authorizer").some(
          ({ id, inputs }) => id === authorizerId && inputs.apiId === apiId,
        )
          ? {
              property: "authorizerId",
              value: authorizerId,
              answer: `CUSTOM authorization takes an authorizer of API ${apiId}`,
            }
          : undefined,
    },
    {
      name: "route-authorization-explicit",
      severity: "warning",
      check: ({ inputs: { authorizationType } }) =>
        authorizationType === undefined
          ? {
              property: "authorizationType",
              value: authorizationType,
              answer: "AWS takes it for NONE, and the provider may not see a change of it: say NONE",
            }
          : undefined,
    },
    {
      name: "route-http-only",
      check: absent(["authorizationScopes"], () => "only HTTP APIs have it"),
    },
    {
      name: "route-target",
      check: optional(
        "target",
        matching(/^integrations\/[^/]+$/),
        "BadRequestException: Unexpected or malformed target in route. Correct format should be integrations/<integration_id>.",
      ),
    },
    {
      name: "route-models",
      check: ({ inputs: { apiId, requestModels = {} } }, surroundings) => {
        const models = resourcesOfType(surroundings, "aws:apigatewayv2/model:Model").filter(
          ({ inputs }) => inputs.apiId === apiId,
        );
        const unknown = Object.entries(requestModels).find(
          ([, name]) => !models.some(({ inputs }) => inputs.name === name),
        );
        return (
          unknown && {
            property: `requestModels[${JSON.stringify(unknown[0])}]`,
            value: unknown[1],
            answer: `API ${apiId} has no model of that name`,
          }
        );
      },
    },
    {
      name: "route-model-selection",
      severity: "warning",
      check: ({ inputs: { requestModels, modelSelectionExpression } }) =>
        requestModels && !modelSelectionExpression
          ? {
              property: "modelSelectionExpression",
              value: modelSelectionExpression,
              answer: "no message is checked against requestModels",
            }
          : undefined,
    },
    {
      name: "route-response-selection",
      check: optional("routeResponseSelectionExpression", oneOf("$default"), "must be $default"),
    },
    {
      // A function may answer nothing, which no rule can see: the wish for replies is what shows.
      name: "route-response-missing",
      severity: "warning",
      check: ({ id, inputs: { routeResponseSelectionExpression } }, surroundings) =>
        routeResponseSelectionExpression &&
        !resourcesOfType(surroundings, "aws:apigatewayv2/routeResponse:RouteResponse").some(
          ({ inputs }) => inputs.routeId === id,
        )
          ? {
              property: "routeResponseSelectionExpression",
              value: routeResponseSelectionExpression,
              answer: "without a RouteResponse, what the function answers never reaches the client",
            }
          : undefined,
    },
    routeDeployed,
    {
      name: "route-permission",
      severity: "warning",
      check: ({ inputs: { apiId, routeKey, target } }, surroundings) => {
        const called = resourcesOfType(surroundings, "aws:apigatewayv2/integration:Integration").find(
          ({ id }) => `integrations/${id}` === target,
        );
        if (!called || called.inputs.credentialsArn) return undefined;
        const sources = resourcesOfType(surroundings, "aws:apigatewayv2/stage:Stage")
          .filter(({ inputs }) => inputs.apiId === apiId)
          .map(({ outputs }) => `${outputs.executionArn}/${routeKey}`);
        return forbidden(called, "integrationUri", sources, surroundings, {
          property: "target",
          value: target,
        });
      },
    },
  ],
  deployment: [apiCalls],
};
