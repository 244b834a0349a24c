import type { AcceptedCase, RuleCase } from "../rule-case.ts";

const domain = ["apigatewayv2/domainName:DomainName", "chat"] as const;

const configuration = { certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/one" };

const elsewhere = "arn:aws:acm:eu-west-1:123456789012:certificate/one";

export const refused: readonly RuleCase[] = [
  ...["Chat.example.com", "chat", "chat_room.example.com"].map((domainName) => ({
    rule: "domain-name",
    of: domain,
    inputs: { domainName },
    says: `domainName is "${domainName}": must be a host name in lower case`,
  })),
  {
    rule: "domain-endpoint",
    of: domain,
    inputs: { domainNameConfiguration: { ...configuration, endpointType: "EDGE" } },
    says: 'domainNameConfiguration.endpointType is "EDGE": BadRequestException: EDGE endpoint type is not supported for APIGatewayV2 domainName',
  },
  {
    rule: "domain-security-policy",
    of: domain,
    inputs: { domainNameConfiguration: { ...configuration, securityPolicy: "TLS_1_0" } },
    says: 'domainNameConfiguration.securityPolicy is "TLS_1_0": must be TLS_1_2',
  },
  {
    rule: "domain-ip-address-type",
    of: domain,
    inputs: { domainNameConfiguration: { ...configuration, ipAddressType: "ipv6" } },
    says: 'domainNameConfiguration.ipAddressType is "ipv6": must be ipv4 or dualstack',
  },
  {
    rule: "domain-certificate-region",
    of: domain,
    inputs: { domainNameConfiguration: { certificateArn: elsewhere } },
    says: `domainNameConfiguration.certificateArn is "${elsewhere}": BadRequestException: Invalid certificate ARN: ${elsewhere}. Certificate must be in 'us-east-1'.`,
  },
];

export const accepted: readonly AcceptedCase[] = [
  {
    what: "a domain without what has a default",
    of: domain,
    inputs: { domainNameConfiguration: configuration },
  },
  {
    what: "a wildcard domain",
    of: domain,
    alter: (resource) => {
      const domainName = "*.example.com";
      return /:(DomainName|ApiMapping)$/.test(resource.type)
        ? { ...resource, inputs: { ...resource.inputs, domainName } }
        : resource;
    },
  },
];
