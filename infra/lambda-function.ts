import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bundleFunction, bundleHandler } from "./bundle.ts";

export interface LambdaFunctionArgs {
  /** Days that the function's log group keeps its lines. */
  readonly logRetentionDays: pulumi.Input<number>;
  /** Variables that the function reads at start; the function's own region and credentials are always there. */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Statements of its role beyond writing to its own log group. */
  readonly statements?: readonly aws.iam.PolicyStatement[];
  /** Memory in MB; CPU grows with it. Default 256. */
  readonly memoryMb?: number;
  /** Seconds after which Lambda ends an invocation. Default 10. */
  readonly timeoutSeconds?: number;
}

/** The function in `functions/<name>.ts`, with its log group and a role that may write there and nothing else. */
export class LambdaFunction extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly invokeArn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: LambdaFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jwt-websocket-api:infra:LambdaFunction", name, {}, opts);
    const code = bundleFunction(name);
    const child = { parent: this };

    const logs = new aws.cloudwatch.LogGroup(name, { retentionInDays: args.logRetentionDays }, child);

    const role = new aws.iam.Role(
      name,
      {
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
          ],
        }),
        // A killed update may have made a policy of the role that the state does not hold.
        forceDetachPolicies: true,
      },
      child,
    );

    const policy = new aws.iam.RolePolicy(
      name,
      {
        role: role.id,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
              // ":*" covers the group's streams and nothing beside it.
              Resource: pulumi.interpolate`${logs.arn}:*`,
            },
            ...(args.statements ?? []),
          ],
        }),
      },
      child,
    );

    const lambda = new aws.lambda.Function(
      name,
      {
        role: role.arn,
        runtime: aws.lambda.Runtime.NodeJS24dX,
        architectures: ["arm64"],
        code,
        handler: bundleHandler,
        memorySize: args.memoryMb ?? 256,
        timeout: args.timeoutSeconds ?? 10,
        loggingConfig: { logFormat: "Text", logGroup: logs.name },
        ...(args.environment && { environment: { variables: args.environment } }),
      },
      { ...child, dependsOn: policy },
    );

    this.arn = lambda.arn;
    this.invokeArn = lambda.invokeArn;
    this.functionName = lambda.name;
    this.registerOutputs({ arn: this.arn });
  }
}
