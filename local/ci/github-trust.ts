import { accountOf } from "../graph/account-of.ts";
import type { PolicyDocument } from "../iam/policy-document.ts";
import type { StackConfig } from "../program/stack-config.ts";

const issuer = "token.actions.githubusercontent.com";

/**
 * Who takes a role: GitHub workflows whose OIDC token has exactly this subject, like
 * `repo:owner/name:environment:production`, and was made for AWS.
 */
export function githubTrust(args: {
  readonly stackConfig: StackConfig;
  readonly accountId: string;
  readonly subject: string;
}): PolicyDocument {
  const { partition } = accountOf(args.stackConfig.config);
  const audience = partition === "aws-cn" ? "sts.amazonaws.com.cn" : "sts.amazonaws.com";
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: `arn:${partition}:iam::${args.accountId}:oidc-provider/${issuer}` },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringEquals: { [`${issuer}:aud`]: audience, [`${issuer}:sub`]: args.subject } },
      },
    ],
  };
}
