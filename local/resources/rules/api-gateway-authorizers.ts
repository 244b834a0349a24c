import { absent, matching, oneOf, optional, required } from "./property-checks.ts";
import type { Rule } from "./rule.ts";

const authorizer = ["apigatewayv2/authorizer:Authorizer"];

const identitySource = /^(route\.request\.(header|querystring)|stageVariables|context)\.[a-zA-Z0-9._-]+$/;

/** The ARN by which API Gateway calls a function: an API Gateway ARN with the function's own in it. */
export const invokeArn =
  /^arn:[^:]+:apigateway:[^:]+:lambda:path\/2015-03-31\/functions\/(arn:.+)\/invocations$/;

export const authorizerRules: readonly Rule[] = [
  {
    name: "authorizer-name",
    types: authorizer,
    check: optional("name", matching(/^.{1,128}$/), "must have 1 to 128 characters"),
  },
  {
    name: "authorizer-type",
    types: authorizer,
    check: required(
      "authorizerType",
      oneOf("REQUEST"),
      "BadRequestException: Only REQUEST authorizer type is supported on WEBSOCKET protocol Apis.",
    ),
  },
  {
    name: "authorizer-http-only",
    types: authorizer,
    check: absent(
      [
        "authorizerResultTtlInSeconds",
        "authorizerPayloadFormatVersion",
        "enableSimpleResponses",
        "jwtConfiguration",
      ],
      (property) =>
        `BadRequestException: ${property.replace(/^./, (letter) => letter.toUpperCase())} cannot be set for WEBSOCKET protocol Apis`,
    ),
  },
  {
    name: "authorizer-uri",
    types: authorizer,
    check: required("authorizerUri", matching(invokeArn), (uri) =>
      uri === undefined
        ? "BadRequestException: AuthorizerUri is a required field in an Authorizer"
        : "must be a function's invoke ARN (invokeArn)",
    ),
  },
  {
    name: "authorizer-identity-sources",
    types: authorizer,
    check: ({ inputs: { identitySources = [] } }) => {
      const wrong = identitySources.findIndex((source: string) => !identitySource.test(source));
      return wrong === -1
        ? undefined
        : {
            property: `identitySources[${wrong}]`,
            value: identitySources[wrong],
            answer: `BadRequestException: Invalid request identity source expression: ${identitySources[wrong]}. The sources must be separated by comma, and each source must be either a request parameter, matching 'route.request.querystring|header.[a-zA-Z0-9._-]+', or a stage variable, matching 'stageVariables.[a-zA-Z0-9._-]+', or a context parameter, matching 'context.[a-zA-Z0-9._-]+'`,
          };
    },
  },
];
