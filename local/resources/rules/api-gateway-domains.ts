import { matching, oneOf, optional, required } from "./property-checks.ts";
import type { Rule } from "./rule.ts";

const domain = ["apigatewayv2/domainName:DomainName"];
const mapping = ["apigatewayv2/apiMapping:ApiMapping"];

export const domainRules: readonly Rule[] = [
  {
    name: "domain-name",
    types: domain,
    check: required(
      "domainName",
      matching(/^(?=.{1,253}$)(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/),
      "must be a host name in lower case",
    ),
  },
  {
    name: "domain-endpoint",
    types: domain,
    check: optional(
      "domainNameConfiguration.endpointType",
      oneOf("REGIONAL"),
      (type) => `BadRequestException: ${type} endpoint type is not supported for APIGatewayV2 domainName`,
    ),
  },
  {
    name: "domain-security-policy",
    types: domain,
    check: optional("domainNameConfiguration.securityPolicy", oneOf("TLS_1_2"), "must be TLS_1_2"),
  },
  {
    name: "domain-ip-address-type",
    types: domain,
    check: optional(
      "domainNameConfiguration.ipAddressType",
      oneOf("ipv4", "dualstack"),
      "must be ipv4 or dualstack",
    ),
  },
  {
    name: "domain-certificate-region",
    types: domain,
    check: ({ inputs }, { account: { region } }) => {
      const arn: string | undefined = inputs.domainNameConfiguration?.certificateArn;
      return arn === undefined || arn.split(":")[3] === region
        ? undefined
        : {
            property: "domainNameConfiguration.certificateArn",
            value: arn,
            answer: `BadRequestException: Invalid certificate ARN: ${arn}. Certificate must be in '${region}'.`,
          };
    },
  },
  {
    name: "mapping-domain",
    types: mapping,
    check: ({ inputs: { domainName } }, { resources }) =>
      resources.some(({ type, id }) => type === `aws:${domain[0]}` && id === domainName)
        ? undefined
        : {
            property: "domainName",
            value: domainName,
            answer: "NotFoundException: Invalid domain name identifier specified",
          },
  },
  {
    name: "mapping-stage",
    types: mapping,
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
];
