import { idOf } from "../identifiers.ts";
import { matching, oneOf, optional, required } from "../property-checks.ts";
import type { ResourceType } from "../resource-type.ts";
import { apiCalls } from "./api-calls.ts";

/** A custom domain. */
export const domainName: ResourceType = {
  type: "aws:apigatewayv2/domainName:DomainName",
  takesTags: true,
  create: (resource, { region, partition, dnsSuffix }) => {
    const { domainNameConfiguration } = resource.inputs;
    const domainName = resource.inputs.domainName ?? resource.id;
    return {
      id: domainName,
      outputs: {
        domainName,
        arn: `arn:${partition}:apigateway:${region}::/domainnames/${domainName}`,
        domainNameConfiguration: {
          ...domainNameConfiguration,
          targetDomainName: `d-${idOf({ ...resource, id: undefined }, 10)}.execute-api.${region}.${dnsSuffix}`,
          hostedZoneId: "Z1UJRXOUMOOFQ8",
        },
      },
    };
  },
  defaults: { apiMappingSelectionExpression: "$request.basepath", routingMode: "API_MAPPING_ONLY" },
  replacedBy: ["domainName"],
  taken: {
    properties: ["domainName"],
    answer: () => "BadRequestException: The domain name you provided already exists.",
  },
  rules: [
    {
      name: "domain-name",
      check: required(
        "domainName",
        matching(/^(?=.{1,253}$)(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/),
        "must be a host name in lower case",
      ),
    },
    {
      name: "domain-endpoint",
      check: optional(
        "domainNameConfiguration.endpointType",
        oneOf("REGIONAL"),
        (type) => `BadRequestException: ${type} endpoint type is not supported for APIGatewayV2 domainName`,
      ),
    },
    {
      name: "domain-security-policy",
      check: optional("domainNameConfiguration.securityPolicy", oneOf("TLS_1_2"), "must be TLS_1_2"),
    },
    {
      name: "domain-ip-address-type",
      check: optional(
        "domainNameConfiguration.ipAddressType",
        oneOf("ipv4", "dualstack"),
        "must be ipv4 or dualstack",
      ),
    },
    {
      name: "domain-certificate-region",
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
  ],
  deployment: [
    {
      ...apiCalls,
      resources: ({ outputs }, { account: { partition, region } }) => [
        `arn:${partition}:apigateway:${region}::/domainnames`,
        outputs.arn,
        `${outputs.arn}/*`,
      ],
    },
    {
      // API Gateway makes its service-linked role for the first domain of an account, in the caller's name.
      actions: ["iam:CreateServiceLinkedRole"],
      resources: (_, { account: { partition, accountId } }) => [
        `arn:${partition}:iam::${accountId}:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway`,
      ],
      condition: () => ({ StringEquals: { "iam:AWSServiceName": "ops.apigateway.amazonaws.com" } }),
    },
  ],
};
