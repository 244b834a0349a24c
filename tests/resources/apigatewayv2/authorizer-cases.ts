import type { AcceptedCase, RuleCase } from "../rule-case.ts";
import { dropped } from "../rule-program.ts";

const authorizer = ["apigatewayv2/authorizer:Authorizer", "sentry"] as const;

const permission = (name: string) => ["lambda/permission:Permission", name] as const;

const sources =
  "The sources must be separated by comma, and each source must be either a request parameter, matching 'route.request.querystring|header.[a-zA-Z0-9._-]+', or a stage variable, matching 'stageVariables.[a-zA-Z0-9._-]+', or a context parameter, matching 'context.[a-zA-Z0-9._-]+'";

export const refused: readonly RuleCase[] = [
  {
    rule: "authorizer-permission",
    of: authorizer,
    alter: dropped(permission("sentry")),
    says: 'authorizerUri is "{invoke}": no Lambda permission lets API Gateway call {function} for {execution}/authorizers/{authorizer}',
  },
  {
    rule: "authorizer-name",
    of: authorizer,
    inputs: { name: "n".repeat(129) },
    says: `name is "${"n".repeat(129)}": must have 1 to 128 characters`,
  },
  {
    rule: "authorizer-type",
    of: authorizer,
    inputs: { authorizerType: "JWT" },
    says: 'authorizerType is "JWT": BadRequestException: Only REQUEST authorizer type is supported on WEBSOCKET protocol Apis.',
  },
  ...(
    [
      ["authorizerResultTtlInSeconds", 0, "AuthorizerResultTtlInSeconds"],
      ["authorizerPayloadFormatVersion", "2.0", "AuthorizerPayloadFormatVersion"],
      ["enableSimpleResponses", false, "EnableSimpleResponses"],
      ["jwtConfiguration", {}, "JwtConfiguration"],
    ] as const
  ).map(([property, value, member]) => ({
    rule: "authorizer-http-only",
    of: authorizer,
    inputs: { [property]: value },
    says: `${property} is ${JSON.stringify(value)}: BadRequestException: ${member} cannot be set for WEBSOCKET protocol Apis`,
  })),
  {
    rule: "authorizer-uri",
    of: authorizer,
    inputs: { authorizerUri: undefined },
    says: "authorizerUri is not set: BadRequestException: AuthorizerUri is a required field in an Authorizer",
  },
  {
    rule: "authorizer-uri",
    of: authorizer,
    inputs: { authorizerUri: "arn:aws:lambda:us-east-1:123456789012:function:sentry" },
    says: `authorizerUri is "arn:aws:lambda:us-east-1:123456789012:function:sentry": must be a function's invoke ARN (invokeArn)`,
  },
  ...["$request.header.Authorization", "route.request.header.", "route.request.body.token", "method.x"].map(
    (source) => ({
      rule: "authorizer-identity-sources",
      of: authorizer,
      inputs: { identitySources: ["route.request.header.Host", source] },
      says: `identitySources[1] is "${source}": BadRequestException: Invalid request identity source expression: ${source}. ${sources}`,
    }),
  ),
];

export const accepted: readonly AcceptedCase[] = [
  { what: "an authorizer without identity sources", of: authorizer, inputs: { identitySources: undefined } },
  {
    what: "an authorizer with credentials, and no permission",
    of: authorizer,
    alter: (resource) => {
      if (resource.type.endsWith("Permission") && resource.name === "sentry") return undefined;
      const authorizerCredentialsArn = "arn:aws:iam::123456789012:role/any";
      return resource.type.endsWith(":Authorizer")
        ? { ...resource, inputs: { ...resource.inputs, authorizerCredentialsArn } }
        : resource;
    },
  },
];
