import { digestOf } from "../identifiers.ts";
import type { ResourceType } from "../resource-type.ts";

/** The host name of a pool's hosted pages, which local mode does not have. */
export const userPoolDomain: ResourceType = {
  type: "aws:cognito/userPoolDomain:UserPoolDomain",
  create: (resource, { accountId, partition }) => {
    const distribution = `d${digestOf(resource).slice(0, 13)}.cloudfront.net`;
    return {
      id: String(resource.inputs.domain ?? resource.name),
      outputs: {
        awsAccountId: accountId,
        cloudfrontDistribution: distribution,
        cloudfrontDistributionArn: distribution,
        cloudfrontDistributionZoneId: partition === "aws-cn" ? "Z3RFFRIM2A3IF5" : "Z2FDTNDATAQYW2",
        s3Bucket: `aws-cognito-prod-${digestOf(resource).slice(13, 20)}-assets`,
        version: "20250101000000",
      },
    };
  },
  defaults: { managedLoginVersion: 1 },
  replacedBy: ["domain", "userPoolId"],
  taken: {
    properties: ["domain"],
    answer: () => "InvalidParameterException: Domain already associated with another user pool.",
  },
  rules: [],
};
