import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

// An API with one route and one mistake, which each stack chooses for itself.
const mistake = new pulumi.Config().get("mistake");
if (!mistake) throw new pulumi.RunError("mistake is not set: npx pulumi config set mistake zero-throttle");

const { id: apiId, executionArn } = new aws.apigatewayv2.Api("chat", {
  protocolType: "WEBSOCKET",
  routeSelectionExpression: "$request.body.action",
});
const role = new aws.iam.Role("chat", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
  managedPolicyArns: [aws.iam.ManagedPolicy.AWSLambdaBasicExecutionRole],
});
const chat = new aws.lambda.Function("chat", {
  role: role.arn,
  runtime: "nodejs24.x",
  handler: "index.handler",
  code: new pulumi.asset.AssetArchive({
    "index.js": new pulumi.asset.StringAsset("exports.handler = async () => ({ statusCode: 200 });"),
  }),
});
if (mistake !== "permission")
  new aws.lambda.Permission("chat", {
    action: "lambda:InvokeFunction",
    function: chat.name,
    principal: "apigateway.amazonaws.com",
    sourceArn: pulumi.interpolate`${executionArn}/*`,
  });

const authorizer = new aws.apigatewayv2.Authorizer("users", {
  apiId,
  authorizerType: mistake === "jwt-authorizer" ? "JWT" : "REQUEST",
  authorizerUri: chat.invokeArn,
  ...(mistake === "authorizer-cache" && { authorizerResultTtlInSeconds: 300 }),
});
const integration = new aws.apigatewayv2.Integration("chat", {
  apiId,
  integrationType: "AWS_PROXY",
  integrationMethod: "POST",
  integrationUri: chat.invokeArn,
});

function addRoute(name: string, routeKey: string, isAuthorized: boolean) {
  return new aws.apigatewayv2.Route(name, {
    apiId,
    routeKey,
    authorizationType: isAuthorized ? "CUSTOM" : "NONE",
    ...(isAuthorized && { authorizerId: authorizer.id }),
    target: pulumi.interpolate`integrations/${integration.id}`,
  });
}
const say = addRoute("say", "say", mistake === "route-authorizer");
if (mistake === "two-routes") addRoute("say-again", "say", false);

if (mistake === "mock-template") {
  const answer = new aws.apigatewayv2.Integration("answer", {
    apiId,
    integrationType: "MOCK",
    requestTemplates: { "200": '#foreach($x in $input.path("$.list")) $x #end' },
    templateSelectionExpression: "200",
  });
  new aws.apigatewayv2.Route("answer", {
    apiId,
    routeKey: "answer",
    authorizationType: "NONE",
    target: pulumi.interpolate`integrations/${answer.id}`,
  });
}

const throttles: Record<string, object> = {
  "zero-throttle": { throttlingRateLimit: 0, throttlingBurstLimit: 100 },
  "no-throttle": { detailedMetricsEnabled: true },
};
function addStage(name: string) {
  return new aws.apigatewayv2.Stage(
    name,
    { apiId, name: "live", autoDeploy: true, defaultRouteSettings: throttles[mistake ?? ""] },
    { dependsOn: say },
  );
}
addStage("live");
if (mistake === "two-stages") addStage("live-again");

if (mistake === "bucket") new aws.s3.Bucket("uploads", { forceDestroy: true });
