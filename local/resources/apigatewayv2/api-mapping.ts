import { idOf } from "../identifiers.ts";
import type { ResourceType } from "../resource-type.ts";

/** The stage that a custom domain serves. */
export const apiMapping: ResourceType = {
  type: "aws:apigatewayv2/apiMapping:ApiMapping",
  create: (resource) => ({ id: idOf(resource, 6), outputs: {} }),
  replacedBy: ["apiId", "domainName"],
  taken: {
    properties: ["domainName", "apiMappingKey"],
    answer: () => "ConflictException: ApiMapping key already exists for this domain name",
  },
  rules: [
    {
      name: "mapping-domain",
      check: ({ inputs: { domainName } }, { resources }) =>
        resources.some(
          ({ type, id }) => type === "aws:apigatewayv2/domainName:DomainName" && id === domainName,
        )
          ? undefined
          : {
              property: "domainName",
              value: domainName,
              answer: "NotFoundException: Invalid domain name identifier specified",
            },
    },
    {
      name: "mapping-stage",
      check: ({ inputs: { apiId, stage } }, { resources }) =>
        resources.some(
          ({ type, id, inputs }) =>
            type === "aws:apigatewayv2/stage:Stage" && inputs.apiId === apiId && id === stage,
        )
          ? undefined
          : {
              property: "stage",
              value: stage,
              answer: `API ${apiId} has no stage of that name`,
            },
    },
  ],
  deployment: [],
};
