import { arnOf, idOf } from "../identifiers.ts";
import { anything } from "../needs.ts";
import type { ResourceType } from "../resource-type.ts";

/** A certificate for a custom domain. */
export const certificate: ResourceType = {
  type: "aws:acm/certificate:Certificate",
  create: (resource, account) => {
    const { domainName } = resource.inputs;
    const certificateArn = arnOf("acm", account, `certificate/${idOf(resource, 36)}`);
    return {
      id: certificateArn,
      outputs: {
        arn: certificateArn,
        domainValidationOptions: [
          {
            domainName,
            resourceRecordName: `_${idOf(resource, 32)}.${domainName}.`,
            resourceRecordType: "CNAME",
            resourceRecordValue: `_${idOf(resource, 31)}.acm-validations.aws.`,
          },
        ],
      },
    };
  },
  replacedBy: [
    "certificateAuthorityArn",
    "domainName",
    "keyAlgorithm",
    "subjectAlternativeNames",
    "validationMethod",
    "validationOptions",
  ],
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
