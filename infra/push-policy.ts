import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface PushPolicyArgs {
  readonly api: aws.apigatewayv2.Api;
  readonly stageName: string;
  /** All that the stack has: the policy comes last. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/**
 * The policy with which other stacks push to, read and close this stage's connections. It comes last and goes first:
 * IAM refuses to delete a policy that is attached, and then nothing else is deleted.
 */
export function createPushPolicy({ api, stageName, dependsOn }: PushPolicyArgs): aws.iam.Policy {
  return new aws.iam.Policy(
    "manage-connections",
    {
      // Constant: IAM replaces a policy whose description changes, and cannot delete one that another stack attached.
      description: "Push to, read and close the connections of one WebSocket stage",
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "execute-api:ManageConnections",
            Resource: ["POST", "GET", "DELETE"].map(
              (method) => pulumi.interpolate`${api.executionArn}/${stageName}/${method}/@connections/*`,
            ),
          },
        ],
      }),
    },
    { dependsOn: [...dependsOn] },
  );
}
