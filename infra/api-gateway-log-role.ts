import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./settings.ts";

const missing =
  'apiGatewayLogRole is "existing", but this account has no API Gateway log role in this region. ' +
  "Let this stack create it: npx pulumi config set apiGatewayLogRole manage; " +
  "set one yourself: aws apigateway update-account --patch-operations op=replace,path=/cloudwatchRoleArn,value=<role ARN>; " +
  "or do without API Gateway logs: npx pulumi config set apiGatewayLogRole off";

/**
 * The role through which API Gateway writes logs: one setting of the whole account and region.
 * `existing` reads it, before anything else is created; `manage` sets it, with a role that stays when the stack goes,
 * because every API of the region logs through it.
 * @returns the role's ARN, or undefined for `off`
 * @throws {pulumi.RunError} for `existing` in an account that has none
 */
export async function apiGatewayLogRole(
  mode: Settings["apiGatewayLogRole"],
  partition: string,
): Promise<pulumi.Input<string> | undefined> {
  if (mode === "off") return undefined;
  return mode === "manage" ? managedRole(partition) : existingRole();
}

async function existingRole(): Promise<string> {
  const { accountId } = await aws.getCallerIdentity();
  const account = aws.apigateway.Account.get("region", accountId);
  const arn = await new Promise<string | undefined>((resolve) => {
    account.cloudwatchRoleArn.apply(resolve);
    // In a preview, what the account does not have is unknown, and its apply never runs; the id's does.
    account.id.apply(() => setImmediate(resolve, undefined));
  });
  if (!arn) throw new pulumi.RunError(missing);
  return arn;
}

function managedRole(partition: string): pulumi.Output<string> {
  const keep = { retainOnDelete: true };
  const role = new aws.iam.Role(
    "api-gateway-logs",
    {
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      }),
    },
    keep,
  );
  // API Gateway refuses a role without the rights in this managed policy.
  const rights = new aws.iam.RolePolicyAttachment(
    "api-gateway-logs",
    {
      role: role.name,
      policyArn: `arn:${partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`,
    },
    keep,
  );
  const account = new aws.apigateway.Account(
    "region",
    { cloudwatchRoleArn: role.arn },
    { ...keep, dependsOn: rights },
  );
  return account.cloudwatchRoleArn;
}
