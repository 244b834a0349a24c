import { fileURLToPath } from "node:url";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { buildSync } from "esbuild";
import { bundleHandler, bundleOptions } from "../../infra/bundle.ts";
import type { ProbeApi } from "./probe-api.ts";

/** The probe's functions, which share a role and a log group that is gone with them. */
export class ProbeFunctions {
  readonly #name: string;
  readonly #role: aws.iam.Role;
  readonly #logs: aws.cloudwatch.LogGroup;
  readonly #policy: aws.iam.RolePolicy;

  constructor(name: string) {
    this.#name = name;
    this.#logs = new aws.cloudwatch.LogGroup(name, { retentionInDays: 1 });
    this.#role = new aws.iam.Role(name, {
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      }),
    });
    this.#policy = this.#allow("logs", {
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: pulumi.interpolate`${this.#logs.arn}:*`,
    });
  }

  /** The function in `functions/<name>.ts`. */
  create(name: string, { timeoutSeconds }: { readonly timeoutSeconds: number }): aws.lambda.Function {
    const { outputFiles } = buildSync({
      ...bundleOptions,
      entryPoints: [fileURLToPath(new URL(`functions/${name}.ts`, import.meta.url))],
    });
    return new aws.lambda.Function(
      `${this.#name}-${name}`,
      {
        role: this.#role.arn,
        runtime: aws.lambda.Runtime.NodeJS24dX,
        architectures: ["arm64"],
        code: new pulumi.asset.AssetArchive({
          "index.js": new pulumi.asset.StringAsset(outputFiles[0]?.text ?? ""),
        }),
        handler: bundleHandler,
        memorySize: 256,
        timeout: timeoutSeconds,
        loggingConfig: { logFormat: "Text", logGroup: this.#logs.name },
      },
      { dependsOn: this.#policy },
    );
  }

  /** Lets the functions push to the connections of an API. */
  mayPushTo({ name, stageArn }: ProbeApi): void {
    this.#allow(`push-${name}`, {
      Action: ["execute-api:ManageConnections"],
      Resource: pulumi.interpolate`${stageArn}/POST/@connections/*`,
    });
  }

  #allow(name: string, statement: { Action: string[]; Resource: pulumi.Input<string> }): aws.iam.RolePolicy {
    return new aws.iam.RolePolicy(`${this.#name}-${name}`, {
      role: this.#role.id,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", ...statement }],
      }),
    });
  }
}
