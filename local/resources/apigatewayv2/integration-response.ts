import { idOf } from "../identifiers.ts";
import type { ResourceType } from "../resource-type.ts";
import { apiCalls } from "./api-calls.ts";
import { routeDeployed } from "./route-deployed.ts";

/** The answer of an integration that is no proxy. */
export const integrationResponse: ResourceType = {
  type: "aws:apigatewayv2/integrationResponse:IntegrationResponse",
  create: (resource) => ({ id: idOf(resource, 7), outputs: {} }),
  replacedBy: ["apiId", "integrationId"],
  taken: {
    properties: ["integrationId", "integrationResponseKey"],
    answer: () => "ConflictException: Response already exists for this integration",
  },
  rules: [
    {
      // AWS documents $default and a pattern, and has a plain status code in an example.
      name: "integration-response-key",
      check: ({ inputs: { integrationResponseKey: key } }) =>
        isResponseKey(key)
          ? undefined
          : {
              property: "integrationResponseKey",
              value: key,
              answer: "must be $default, or a regular expression between slashes like /2\\d\\d/",
            },
    },
    {
      name: "integration-response-integration",
      check: ({ inputs: { apiId, integrationId } }, { resources }) =>
        resources.some(
          ({ id, type, inputs }) =>
            type === "aws:apigatewayv2/integration:Integration" &&
            id === integrationId &&
            inputs.apiId === apiId,
        )
          ? undefined
          : {
              property: "integrationId",
              value: integrationId,
              answer: `API ${apiId} has no such integration`,
            },
    },
    {
      // Unconfirmed whether AWS refuses such a response.
      name: "integration-response-proxy",
      severity: "warning",
      check: ({ inputs: { integrationId } }, { resources }) => {
        const owner = resources.find(
          ({ id, type }) => type === "aws:apigatewayv2/integration:Integration" && id === integrationId,
        );
        const integrationType = owner?.inputs.integrationType;
        return /_PROXY$/.test(integrationType)
          ? {
              property: "integrationId",
              value: integrationId,
              answer: `the integration is ${integrationType}, which passes what the backend answers on as it is: nothing asks for an integration response`,
            }
          : undefined;
      },
    },
    routeDeployed,
  ],
  deployment: [apiCalls],
};

function isResponseKey(key: string): boolean {
  if (key === "$default" || /^\d{3}$/.test(key)) return true;
  if (!/^\/.+\/$/.test(key)) return false;
  try {
    new RegExp(key.slice(1, -1));
    return true;
  } catch {
    return false;
  }
}
