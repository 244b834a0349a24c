import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { identitySources } from "./identity-sources.ts";
import { LambdaFunction } from "./lambda-function.ts";
import type { Settings } from "./settings.ts";
import { successorFirst } from "./successor-first.ts";

export interface CreateAuthorizerArgs {
  readonly api: aws.apigatewayv2.Api;
  readonly settings: Settings;
  /** The pool's issuer, like https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI. */
  readonly issuer: string;
  /** `JWKS`, the pool's keys as JSON, where the deployment ships them. */
  readonly signingKeys: Readonly<Record<string, string>>;
}

export interface CreatedAuthorizer {
  readonly authorizer: aws.apigatewayv2.Authorizer;
  /** The authorizer's inputs, which are part of what a deployment freezes. */
  readonly authorizerArgs: aws.apigatewayv2.AuthorizerArgs;
  readonly authorizerFunction: LambdaFunction;
  /** Lets API Gateway call the function. */
  readonly authorizerPermission: aws.lambda.Permission;
}

/** The function that decides on each connection, and the authorizer that calls it. */
export function createAuthorizer({
  api,
  settings,
  issuer,
  signingKeys,
}: CreateAuthorizerArgs): CreatedAuthorizer {
  const authorizerFunction = new LambdaFunction("authorizer", {
    logRetentionDays: settings.logRetentionDays,
    timeoutSeconds: 5,
    environment: {
      ISSUER: issuer,
      ...signingKeys,
      CLIENT_IDS: JSON.stringify(settings.userPoolClientIds),
      TOKEN_USE: settings.tokenUse,
      TOKEN_SOURCES: JSON.stringify(settings.tokenSources),
      REQUIRED_GROUPS: JSON.stringify(settings.requiredGroups),
      REQUIRED_SCOPES: JSON.stringify(settings.requiredScopes),
      ALLOWED_ORIGINS: JSON.stringify(settings.allowedOrigins),
      CONNECT_ARN: pulumi.interpolate`${api.executionArn}/${settings.stageName}/$connect`,
    },
  });
  const authorizerArgs = {
    apiId: api.id,
    name: "cognito",
    authorizerType: "REQUEST",
    authorizerUri: authorizerFunction.invokeArn,
    ...identitySources(settings.tokenSources),
  };
  const authorizer = new aws.apigatewayv2.Authorizer("cognito", authorizerArgs, successorFirst);
  const authorizerPermission = new aws.lambda.Permission("authorizer", {
    action: "lambda:InvokeFunction",
    function: authorizerFunction.functionName,
    principal: "apigateway.amazonaws.com",
    sourceArn: pulumi.interpolate`${api.executionArn}/authorizers/${authorizer.id}`,
  });
  return { authorizer, authorizerArgs, authorizerFunction, authorizerPermission };
}
