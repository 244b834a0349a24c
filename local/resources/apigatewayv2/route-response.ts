import { resourcesOfType } from "../../graph/resource-graph.ts";
import { idOf } from "../identifiers.ts";
import { oneOf, optional } from "../property-checks.ts";
import type { ResourceType } from "../resource-type.ts";
import { apiCalls } from "./api-calls.ts";
import { routeDeployed } from "./route-deployed.ts";

/** Lets what a route answers go back to the client. */
export const routeResponse: ResourceType = {
  type: "aws:apigatewayv2/routeResponse:RouteResponse",
  create: (resource) => ({ id: idOf(resource, 7), outputs: {} }),
  replacedBy: ["apiId", "routeId"],
  taken: {
    properties: ["routeId", "routeResponseKey"],
    answer: () => "ConflictException: Response already exists for this route",
  },
  rules: [
    {
      name: "route-response-key",
      check: optional(
        "routeResponseKey",
        oneOf("$default"),
        "BadRequestException: Currently, only $default is supported as a RouteResponseKey.",
      ),
    },
    {
      // Unconfirmed whether AWS refuses such a response.
      name: "route-response-unselected",
      severity: "warning",
      check: ({ inputs: { routeId } }, surroundings) => {
        const owner = resourcesOfType(surroundings, "aws:apigatewayv2/route:Route").find(
          ({ id }) => id === routeId,
        );
        return owner && !owner.inputs.routeResponseSelectionExpression
          ? {
              property: "routeId",
              value: routeId,
              answer: `without routeResponseSelectionExpression on route ${owner.inputs.routeKey}, what the function answers never reaches the client`,
            }
          : undefined;
      },
    },
    routeDeployed,
  ],
  deployment: [apiCalls],
};
