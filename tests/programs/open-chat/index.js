const pulumi = require("@pulumi/pulumi");
const aws = require("@pulumi/aws");
const { chatRoute } = require("./chat-route");

const config = new pulumi.Config();

const role = new aws.iam.Role("chat-role", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
});
const basicExecution = new aws.iam.RolePolicyAttachment("chat-logs", {
  role: role,
  policyArn: aws.iam.ManagedPolicy.AWSLambdaBasicExecutionRole,
});

const api = new aws.apigatewayv2.Api("chat", {
  name: "open-chat",
  protocolType: "WEBSOCKET",
  routeSelectionExpression: "$request.body.type",
});

new aws.iam.RolePolicy("chat-push", {
  role: role.id,
  policy: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["execute-api:ManageConnections"],
        Resource: [pulumi.interpolate`${api.executionArn}/*`],
      },
    ],
  },
});

const logGroup = new aws.cloudwatch.LogGroup("chat-log", {
  name: "/aws/lambda/open-chat",
  retentionInDays: 7,
});

// One process at a time, so that it can remember who is there.
const chat = new aws.lambda.Function(
  "chat",
  {
    name: "open-chat",
    runtime: aws.lambda.Runtime.NodeJS22dX,
    handler: "index.handler",
    role: role.arn,
    code: new pulumi.asset.FileArchive("./app"),
    environment: { variables: { GREETING: config.require("greeting") } },
    reservedConcurrentExecutions: 1,
    tags: { app: "chat" },
  },
  { dependsOn: [basicExecution, logGroup] },
);

new aws.lambda.Permission("chat-invoke", {
  statementId: "AllowApiGateway",
  action: "lambda:InvokeFunction",
  function: chat.name,
  principal: "apigateway.amazonaws.com",
  sourceArn: pulumi.interpolate`${api.executionArn}/*/*`,
});

const integration = new aws.apigatewayv2.Integration("chat", {
  apiId: api.id,
  integrationType: "AWS_PROXY",
  integrationUri: chat.invokeArn,
  integrationMethod: "POST",
});

for (const routeKey of ["$connect", "$disconnect", "$default", "join", "say"])
  chatRoute(routeKey, api, integration);

const stage = new aws.apigatewayv2.Stage("live", { apiId: api.id, name: "live", autoDeploy: true });

exports.url = pulumi.interpolate`${api.apiEndpoint}/${stage.name}`;
