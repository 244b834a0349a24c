import { arnOf, idOf } from "../identifiers.ts";
import { anything } from "../needs.ts";
import type { NewResource, ResourceType } from "../resource-type.ts";

/** A certificate for a custom domain. */
export const certificate: ResourceType = {
  type: "aws:acm/certificate:Certificate",
  takesTags: true,
  create: (resource, account) => {
    const certificateArn = resource.id ?? arnOf("acm", account, `certificate/${idOf(resource, 36)}`);
    const names = namesOf(resource);
    return {
      id: certificateArn,
      outputs: {
        arn: certificateArn,
        subjectAlternativeNames: names,
        domainValidationOptions: names.map((domainName) => validationOption(resource, domainName)),
      },
    };
  },
  defaults: {
    keyAlgorithm: "RSA_2048",
    pendingRenewal: false,
    renewalEligibility: "INELIGIBLE",
    status: "PENDING_VALIDATION",
    type: "AMAZON_ISSUED",
    validationEmails: [],
  },
  replacedBy: [
    "certificateAuthorityArn",
    "domainName",
    "keyAlgorithm",
    "subjectAlternativeNames",
    "validationMethod",
    "validationOptions",
  ],
  refusesDeletion: ({ id }, others) =>
    others.some(
      ({ type, inputs }) =>
        type === "aws:apigatewayv2/domainName:DomainName" &&
        inputs.domainNameConfiguration?.certificateArn === id,
    )
      ? `ResourceInUseException: Certificate ${id} is in use`
      : undefined,
  rules: [],
  deployment: [
    { actions: ["acm:RequestCertificate"], resources: anything },
    {
      actions: [
        ...["acm:DescribeCertificate", "acm:DeleteCertificate", "acm:ListTagsForCertificate"],
        ...["acm:AddTagsToCertificate", "acm:RemoveTagsFromCertificate", "acm:UpdateCertificateOptions"],
      ],
      resources: ({ outputs }) => [outputs.arn.replace(/\/[^/]+$/, "/*")],
    },
  ],
};

/** Every name that the certificate is for, its domain name first. */
function namesOf({ inputs: { domainName, subjectAlternativeNames } }: NewResource): string[] {
  return [...new Set([domainName, ...(subjectAlternativeNames ?? [])])].filter(
    (name) => typeof name === "string",
  );
}

/** The record that proves to AWS who owns a name. A wildcard has the record of the name behind it. */
function validationOption(resource: NewResource, domainName: string) {
  const host = hostOf(domainName);
  const isFirst = host === hostOf(resource.inputs.domainName ?? domainName);
  const urn = isFirst ? resource.urn : `${resource.urn}::${host}`;
  const token = (length: number) => idOf({ ...resource, urn, id: undefined }, length);
  return {
    domainName,
    resourceRecordName: `_${token(32)}.${host}.`,
    resourceRecordType: "CNAME",
    resourceRecordValue: `_${token(31)}.acm-validations.aws.`,
  };
}

function hostOf(name: string): string {
  return name.replace(/^\*\./, "");
}
