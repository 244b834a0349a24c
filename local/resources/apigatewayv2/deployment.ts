import { idOf } from "../identifiers.ts";
import type { ResourceType } from "../resource-type.ts";
import { apiCalls } from "./api-calls.ts";

/** A snapshot of an API, which a stage serves. */
export const deployment: ResourceType = {
  type: "aws:apigatewayv2/deployment:Deployment",
  create: (resource) => ({ id: idOf(resource, 6), outputs: {} }),
  defaults: { autoDeployed: false },
  replacedBy: ["apiId", "triggers"],
  refusesDeletion: ({ id }, others) =>
    others.some(({ type, inputs }) => type === "aws:apigatewayv2/stage:Stage" && inputs.deploymentId === id)
      ? "BadRequestException: Active stages pointing to this deployment must be moved or deleted"
      : undefined,
  rules: [
    {
      name: "deployment-routes",
      check: ({ inputs: { apiId } }, { resources }) =>
        resources.some(
          ({ type, inputs }) => type === "aws:apigatewayv2/route:Route" && inputs.apiId === apiId,
        )
          ? undefined
          : {
              property: "apiId",
              value: apiId,
              answer: "BadRequestException: At least one route is required before deploying the Api.",
            },
    },
    {
      name: "deployment-triggers",
      severity: "warning",
      check: ({ inputs: { triggers } }) =>
        Object.keys(triggers ?? {}).length > 0
          ? undefined
          : {
              property: "triggers",
              value: triggers,
              answer: "a route that changes later is not deployed again: hash what the routes are made of",
            },
    },
  ],
  deployment: [apiCalls],
};
