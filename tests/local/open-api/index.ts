import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** The least that is an API: one route, open to all, whose function answers with what it is sent. */
const api = new aws.apigatewayv2.Api("echo", {
  protocolType: "WEBSOCKET",
  routeSelectionExpression: "$request.body.action",
});
const apiId = api.id;
const service = (name: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: `${name}.amazonaws.com` }, Action: "sts:AssumeRole" }],
});
const role = new aws.iam.Role("echo", { assumeRolePolicy: JSON.stringify(service("lambda")) });
new aws.iam.RolePolicyAttachment("echo", {
  role: role.name,
  policyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
});
const echo = new aws.lambda.Function("echo", {
  role: role.arn,
  runtime: "nodejs24.x",
  handler: "index.handler",
  code: new pulumi.asset.AssetArchive({
    "index.js": new pulumi.asset.StringAsset(
      "exports.handler = async ({ body }) => ({ statusCode: 200, body });",
    ),
  }),
});
new aws.lambda.Permission("echo", {
  action: "lambda:InvokeFunction",
  function: echo.name,
  principal: "apigateway.amazonaws.com",
  sourceArn: pulumi.interpolate`${api.executionArn}/*`,
});
const integration = new aws.apigatewayv2.Integration("echo", {
  apiId,
  integrationType: "AWS_PROXY",
  integrationMethod: "POST",
  integrationUri: echo.invokeArn,
});
const route = new aws.apigatewayv2.Route("echo", {
  apiId,
  routeKey: "$default",
  authorizationType: "NONE",
  target: pulumi.interpolate`integrations/${integration.id}`,
  routeResponseSelectionExpression: "$default",
});
const response = new aws.apigatewayv2.RouteResponse("echo", {
  apiId,
  routeId: route.id,
  routeResponseKey: "$default",
});
const deployment = new aws.apigatewayv2.Deployment(
  "echo",
  { apiId, triggers: { version: "1" } },
  { dependsOn: response },
);
new aws.apigatewayv2.Stage("echo", { apiId, name: "v1", deploymentId: deployment.id });
