import { idOf } from "../identifiers.ts";
import { absent, oneOf, optional } from "../property-checks.ts";
import type { ResourceType } from "../resource-type.ts";
import { apiCalls } from "./api-calls.ts";
import { invokeArn } from "./invoke-arn.ts";

/** What a route calls. */
export const integration: ResourceType = {
  type: "aws:apigatewayv2/integration:Integration",
  create: (resource) => ({ id: idOf(resource, 7), outputs: {} }),
  defaults: {
    connectionType: "INTERNET",
    passthroughBehavior: "WHEN_NO_MATCH",
    payloadFormatVersion: "1.0",
    timeoutMilliseconds: 29_000,
  },
  replacedBy: ["apiId", "integrationType", "integrationSubtype"],
  refusesDeletion: ({ id }, others) => {
    const ids = others
      .filter(
        ({ type, inputs }) =>
          type === "aws:apigatewayv2/route:Route" && inputs.target === `integrations/${id}`,
      )
      .map((route) => route.id);
    return ids.length > 0
      ? `ConflictException: Cannot delete Integration because it is referenced by the following Routes with Ids: [${ids.join(", ")}]`
      : undefined;
  },
  deletes: ({ id }, { inputs }) => inputs.integrationId === id,
  rules: [
    {
      name: "integration-uri",
      check: ({ inputs: { integrationType, integrationUri } }) =>
        integrationType === "AWS_PROXY" && !invokeArn.test(integrationUri)
          ? {
              property: "integrationUri",
              value: integrationUri,
              answer:
                "BadRequestException: Invalid integration URI specified (a WebSocket API calls a function by its invoke ARN, invokeArn)",
            }
          : undefined,
    },
    {
      // Unconfirmed whether AWS refuses another method, or takes it and fails at each call.
      name: "integration-method",
      check: ({ inputs: { integrationType, integrationMethod } }) =>
        integrationType === "AWS_PROXY" && integrationMethod !== "POST"
          ? {
              property: "integrationMethod",
              value: integrationMethod,
              answer: "functions are called with POST",
            }
          : undefined,
    },
    {
      name: "integration-timeout",
      check: optional(
        "timeoutMilliseconds",
        (ms) => ms >= 50 && ms <= 29_000,
        "BadRequestException: Timeout should be between 50 ms and 29000 ms",
      ),
    },
    {
      name: "integration-payload-version",
      check: optional(
        "payloadFormatVersion",
        oneOf("1.0"),
        (version) => `BadRequestException: Unsupported PayloadFormatVersion: ${version}`,
      ),
    },
    {
      name: "integration-http-only",
      check: absent(
        ["integrationSubtype", "responseParameters", "tlsConfig"],
        () => "only HTTP APIs have it",
      ),
    },
    {
      name: "integration-response-missing",
      severity: "warning",
      check: ({ id, inputs: { apiId, integrationType } }, { resources }) => {
        const replying = resources.find(
          ({ type, inputs }) =>
            type === "aws:apigatewayv2/route:Route" &&
            inputs.apiId === apiId &&
            inputs.target === `integrations/${id}` &&
            inputs.routeResponseSelectionExpression,
        );
        const hasDefault = resources.some(
          ({ type, inputs }) =>
            type === "aws:apigatewayv2/integrationResponse:IntegrationResponse" &&
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
  ],
  deployment: [apiCalls],
};
