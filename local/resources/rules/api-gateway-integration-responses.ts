import type { Rule } from "./rule.ts";

const integrationResponse = "apigatewayv2/integrationResponse:IntegrationResponse";
const integration = "apigatewayv2/integration:Integration";
const route = "apigatewayv2/route:Route";

/** The answers of integrations that are no proxies. */
export const integrationResponseRules: readonly Rule[] = [
  {
    // AWS documents $default and a pattern, and has a plain status code in an example.
    name: "integration-response-key",
    types: [integrationResponse],
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
    types: [integrationResponse],
    check: ({ inputs: { apiId, integrationId } }, { resources }) =>
      resources.some(
        ({ id, type, inputs }) =>
          type === `aws:${integration}` && id === integrationId && inputs.apiId === apiId,
      )
        ? undefined
        : { property: "integrationId", value: integrationId, answer: `API ${apiId} has no such integration` },
  },
  {
    // Unconfirmed whether AWS refuses such a response.
    name: "integration-response-proxy",
    types: [integrationResponse],
    severity: "warning",
    check: ({ inputs: { integrationId } }, { resources }) => {
      const owner = resources.find(({ id, type }) => type === `aws:${integration}` && id === integrationId);
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
  {
    name: "integration-response-missing",
    types: [integration],
    severity: "warning",
    check: ({ id, inputs: { apiId, integrationType } }, { resources }) => {
      const replying = resources.find(
        ({ type, inputs }) =>
          type === `aws:${route}` &&
          inputs.apiId === apiId &&
          inputs.target === `integrations/${id}` &&
          inputs.routeResponseSelectionExpression,
      );
      const hasDefault = resources.some(
        ({ type, inputs }) =>
          type === `aws:${integrationResponse}` &&
          inputs.integrationId === id &&
          inputs.integrationResponseKey === "$default",
      );
      return replying && !hasDefault && ["AWS", "HTTP", "MOCK"].includes(integrationType)
        ? {
            property: "integrationType",
            value: integrationType,
            answer: `route ${replying.inputs.routeKey} replies, and without an IntegrationResponse $default there is no answer for what no other one takes`,
          }
        : undefined;
    },
  },
];

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
