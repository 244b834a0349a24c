import { generatedName } from "../generated-name.ts";
import { idOf } from "../identifiers.ts";
import { absent, matching, oneOf, optional, required } from "../property-checks.ts";
import type { ResourceType } from "../resource-type.ts";
import { apiCalls } from "./api-calls.ts";
import { mappedDomains } from "./mapped-domains.ts";

/** What an API may have at most (developer guide, "Quotas for configuring and running a WebSocket API"). */
const quotas = [
  { what: "routes", type: "aws:apigatewayv2/route:Route", most: 300 },
  { what: "integrations", type: "aws:apigatewayv2/integration:Integration", most: 300 },
  { what: "stages", type: "aws:apigatewayv2/stage:Stage", most: 10 },
  { what: "authorizers", type: "aws:apigatewayv2/authorizer:Authorizer", most: 10 },
];

/** An API, WebSocket or HTTP. */
export const api: ResourceType = {
  type: "aws:apigatewayv2/api:Api",
  takesTags: true,
  generatedName,
  create: (resource, { region, partition, accountId, dnsSuffix }) => {
    const id = idOf(resource, 10);
    return {
      id,
      outputs: {
        apiEndpoint: `wss://${id}.execute-api.${region}.${dnsSuffix}`,
        arn: `arn:${partition}:apigateway:${region}::/apis/${id}`,
        executionArn: `arn:${partition}:execute-api:${region}:${accountId}:${id}`,
      },
    };
  },
  defaults: {
    apiKeySelectionExpression: "$request.header.x-api-key",
    disableExecuteApiEndpoint: false,
    ipAddressType: "ipv4",
  },
  replacedBy: ["credentialsArn", "protocolType", "routeKey", "target"],
  refusesDeletion: ({ id }, others) =>
    mappedDomains(others, ({ apiId }) => apiId === id, `Deleting API ${id}`, "API"),
  deletes: ({ id }, { type, inputs }) => type.startsWith("aws:apigatewayv2/") && inputs.apiId === id,
  rules: [
    {
      name: "api-name",
      check: optional("name", matching(/^.{1,128}$/), "must have 1 to 128 characters"),
    },
    {
      name: "api-route-selection",
      check: (resource, surroundings) =>
        resource.inputs.protocolType === "WEBSOCKET"
          ? required(
              "routeSelectionExpression",
              Boolean,
              "BadRequestException: Invalid routeSelectionExpression",
            )(resource, surroundings)
          : undefined,
    },
    {
      name: "api-http-only",
      check: (resource, surroundings) =>
        resource.inputs.protocolType === "WEBSOCKET"
          ? absent(
              ["corsConfiguration", "credentialsArn", "routeKey", "target"],
              () => "only HTTP APIs have it",
            )(resource, surroundings)
          : undefined,
    },
    {
      name: "api-ip-address-type",
      check: optional("ipAddressType", oneOf("ipv4", "dualstack"), "must be ipv4 or dualstack"),
    },
    {
      name: "api-quotas",
      judged: "afterwards",
      check: ({ id }, { resources }) => {
        for (const { what, type, most } of quotas) {
          const count = resources.filter(
            ({ type: other, inputs }) => other === type && inputs.apiId === id,
          ).length;
          if (count > most)
            return { property: `number of ${what}`, value: count, answer: `an API may have at most ${most}` };
        }
        return undefined;
      },
    },
  ],
  deployment: [apiCalls],
};
