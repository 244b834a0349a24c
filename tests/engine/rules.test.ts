import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { AwsAccount, Properties } from "../../local/engine/resource-graph.ts";
import type { Alter } from "../../local/engine/resource-recorder.ts";
import { runSource } from "./temporary-project.ts";

/** A WebSocket API that AWS takes as it is. */
const program = `
  import * as aws from "@pulumi/aws";
  import * as pulumi from "@pulumi/pulumi";
  const api = new aws.apigatewayv2.Api("chat", { protocolType: "WEBSOCKET", routeSelectionExpression: "$request.body.action" });
  const apiId = api.id;
  const lambda = new aws.lambda.Function("sentry", {
    role: "arn:aws:iam::123456789012:role/any",
    runtime: "nodejs24.x",
    handler: "index.handler",
    code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset("code") }),
    environment: { variables: { MODE: "strict" } },
  });
  const authorizer = new aws.apigatewayv2.Authorizer("sentry", {
    apiId,
    authorizerType: "REQUEST",
    authorizerUri: lambda.invokeArn,
    identitySources: ["route.request.header.Authorization", "route.request.querystring.token", "stageVariables.mode", "context.identity"],
  });
  const connect = new aws.apigatewayv2.Route("connect", { apiId, routeKey: "$connect", authorizationType: "CUSTOM", authorizerId: authorizer.id });
  const say = new aws.apigatewayv2.Route("say", { apiId, routeKey: "say", authorizationType: "NONE" });
  const deployment = new aws.apigatewayv2.Deployment("chat", { apiId }, { dependsOn: [connect, say] });
  new aws.apigatewayv2.Stage("chat", {
    apiId,
    deploymentId: deployment.id,
    defaultRouteSettings: { throttlingRateLimit: 1, throttlingBurstLimit: 1, loggingLevel: "ERROR" },
    routeSettings: [{ routeKey: "say", throttlingRateLimit: 1, throttlingBurstLimit: 1, loggingLevel: "INFO" }],
    accessLogSettings: { destinationArn: "arn:aws:logs:us-east-1:123456789012:log-group:access", format: "$context.requestId" },
  });`;

const api = "aws:apigatewayv2/api:Api";
const authorizer = "aws:apigatewayv2/authorizer:Authorizer";
const lambda = "aws:lambda/function:Function";
const route = "aws:apigatewayv2/route:Route";
const stage = "aws:apigatewayv2/stage:Stage";

const withLogRole = { apiGatewayLogRoleArn: "arn:aws:iam::123456789012:role/logs" };

function run(
  alter: Alter = (requested) => requested,
  account: Partial<AwsAccount> = withLogRole,
  source = program,
) {
  return runSource(source, { alter, account });
}

/** The program with other inputs in one resource; undefined takes one out. */
function change(type: string, name: string, inputs: Properties): Alter {
  return (requested) => {
    if (requested.type !== type || requested.name !== name) return requested;
    const changed = Object.entries({ ...requested.inputs, ...inputs }).filter(
      ([, value]) => value !== undefined,
    );
    return { ...requested, inputs: Object.fromEntries(changed) };
  };
}

async function assertRefused(alter: Alter, type: string, name: string, answer: string): Promise<void> {
  await assert.rejects(run(alter), {
    message: `${type} "${name}": ${answer}`,
  });
}

async function assertAccepted(...args: Parameters<typeof run>): Promise<void> {
  assert.equal((await run(...args)).resources.length > 0, true);
}

describe("the emulated AWS", () => {
  it("takes a WebSocket API that breaks no rule", async () => {
    assert.equal((await run()).resources.length, 7);
  });

  it("refuses a WebSocket API without route selection", async () => {
    await assertRefused(
      change(api, "chat", { routeSelectionExpression: undefined }),
      api,
      "chat",
      "BadRequestException: routeSelectionExpression is required for WEBSOCKET protocol Apis",
    );
    await assertAccepted(change(api, "chat", { routeSelectionExpression: undefined, protocolType: "HTTP" }));
  });

  for (const [authorizationType, shown] of [
    ["CUSTOM", "CUSTOM"],
    ["AWS_IAM", "AWS_IAM"],
    [undefined, "not set"],
  ] as const)
    it(`refuses a route other than $connect whose authorization type is ${shown}`, async () => {
      await assertRefused(
        change(route, "say", { authorizationType }),
        route,
        "say",
        `authorizationType is ${shown} on route say: a WebSocket API authorizes on $connect only, every other route must say NONE`,
      );
    });

  it("refuses a route key that starts with $, but for the three of its own", async () => {
    await assertRefused(
      change(route, "say", { routeKey: "$say" }),
      route,
      "say",
      "BadRequestException: routeKey $say must not start with $",
    );
    for (const routeKey of ["$disconnect", "$default"])
      await assertAccepted(change(route, "say", { routeKey }));
  });

  for (const [property, value] of [
    ["authorizerResultTtlInSeconds", 0],
    ["authorizerPayloadFormatVersion", "2.0"],
    ["enableSimpleResponses", false],
    ["jwtConfiguration", { issuer: "https://issuer" }],
  ] as const)
    it(`refuses ${property}, which only HTTP APIs have`, async () => {
      await assertRefused(
        change(authorizer, "sentry", { [property]: value }),
        authorizer,
        "sentry",
        `BadRequestException: ${property} cannot be set for WEBSOCKET protocol Apis`,
      );
    });

  it("refuses an authorizer that is not of type REQUEST", async () => {
    await assertRefused(
      change(authorizer, "sentry", { authorizerType: "JWT" }),
      authorizer,
      "sentry",
      "BadRequestException: authorizerType is JWT, but WEBSOCKET protocol Apis take REQUEST",
    );
  });

  for (const source of [
    "$request.header.Authorization",
    "route.request.header.",
    "route.request.body.token",
    "method.x",
  ])
    it(`refuses the identity source ${source}`, async () => {
      await assertRefused(
        change(authorizer, "sentry", { identitySources: ["route.request.header.Host", source] }),
        authorizer,
        "sentry",
        `BadRequestException: identitySources has ${source}, but WEBSOCKET protocol Apis take route.request.header.X, route.request.querystring.X, stageVariables.X or context.X`,
      );
    });

  it("refuses to deploy an API without a route of its own", async () => {
    const type = "aws:apigatewayv2/deployment:Deployment";
    const answer = "BadRequestException: At least one route is required before deploying the Api.";
    await assertRefused(
      (requested) => (requested.type === route ? undefined : requested),
      type,
      "chat",
      answer,
    );
    await assertRefused(
      (requested) =>
        requested.type === route
          ? { ...requested, inputs: { ...requested.inputs, apiId: "another" } }
          : requested,
      type,
      "chat",
      answer,
    );
  });

  const throttles = { throttlingRateLimit: 1, throttlingBurstLimit: 1 };
  for (const [what, inputs] of [
    ["no rate", { defaultRouteSettings: { throttlingBurstLimit: 1 } }],
    ["no burst", { defaultRouteSettings: { throttlingRateLimit: 1 } }],
    ["a rate of 0", { defaultRouteSettings: { ...throttles, throttlingRateLimit: 0 } }],
    ["a burst of 0", { defaultRouteSettings: { ...throttles, throttlingBurstLimit: 0 } }],
    [
      "a route's burst of 0",
      { routeSettings: [{ routeKey: "say", throttlingRateLimit: 1, throttlingBurstLimit: 0 }] },
    ],
  ] as const)
    it(`refuses a stage with ${what}`, async () => {
      await assertRefused(
        change(stage, "chat", inputs),
        stage,
        "chat",
        "throttlingRateLimit and throttlingBurstLimit must both be set and positive: unset, the provider sends 0, and every connection is refused with 429",
      );
    });

  it("takes a stage without any route settings", async () => {
    await assertAccepted(
      change(stage, "chat", { defaultRouteSettings: undefined, routeSettings: undefined }),
    );
  });

  describe("in an account without a role for API Gateway's logs", () => {
    const message =
      'aws:apigatewayv2/stage:Stage "chat": ' +
      "BadRequestException: CloudWatch Logs role ARN must be set in account settings to enable logging";
    const silent = {
      defaultRouteSettings: throttles,
      routeSettings: undefined,
      accessLogSettings: undefined,
    };

    for (const [what, inputs] of [
      ["access logs", { accessLogSettings: { destinationArn: "arn", format: "$context.requestId" } }],
      ["error logs", { defaultRouteSettings: { ...throttles, loggingLevel: "ERROR" } }],
      ["a route's info logs", { routeSettings: [{ routeKey: "say", ...throttles, loggingLevel: "INFO" }] }],
    ] as const)
      it(`refuses a stage with ${what}`, async () => {
        await assert.rejects(run(change(stage, "chat", { ...silent, ...inputs }), {}), { message });
      });

    it("takes a stage without logs", async () => {
      await assertAccepted(change(stage, "chat", silent), {});
      const off = { defaultRouteSettings: { ...throttles, loggingLevel: "OFF" } };
      await assertAccepted(change(stage, "chat", { ...silent, ...off }), {});
    });

    it("takes logs once the program has set the role, but not when it only reads it", async () => {
      const waiting = program.replace(
        "{ dependsOn: [connect, say] }",
        "{ dependsOn: [connect, say, account] }",
      );
      const setting =
        'const account = new aws.apigateway.Account("region", { cloudwatchRoleArn: "arn:aws:iam::123456789012:role/logs" });';
      const reading = 'const account = aws.apigateway.Account.get("region", "api-gateway-account");';
      const after = (statement: string) => waiting.replace("const apiId", `${statement}\n  const apiId`);
      await assertAccepted(undefined, {}, after(setting));
      await assert.rejects(run(undefined, {}, after(reading)), { message });
    });
  });

  for (const [what, format] of [
    ["without the request's id", "$context.connectionId"],
    ["of two lines", "$context.requestId\n"],
    ["of more than 3 KB", `$context.requestId${"é".repeat(1528)}`],
  ] as const)
    it(`refuses an access log format ${what}`, async () => {
      await assertRefused(
        change(stage, "chat", { accessLogSettings: { destinationArn: "arn", format } }),
        stage,
        "chat",
        "BadRequestException: accessLogSettings.format must be one line of at most 3 KB with $context.requestId or $context.extendedRequestId",
      );
    });

  it("takes an access log format of 3 KB with the extended request id", async () => {
    const format = "$context.extendedRequestId".padEnd(3072);
    await assertAccepted(change(stage, "chat", { accessLogSettings: { destinationArn: "arn", format } }));
  });

  it("refuses a function with more than 4 KB of variables", async () => {
    const environment = (bytes: number) => ({
      environment: { variables: { A: "x".repeat(bytes - '{"A":""}'.length) } },
    });
    await assertRefused(
      change(lambda, "sentry", environment(4097)),
      lambda,
      "sentry",
      "InvalidParameterValueException: Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.",
    );
    await assertAccepted(change(lambda, "sentry", environment(4096)));
  });
});
