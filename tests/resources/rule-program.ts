import type { AwsAccount, Properties, ResourceGraph } from "../../local/graph/resource-graph.ts";
import type { Alter } from "../altered-graph.ts";
import { runSource } from "../engine/temporary-project.ts";

/** A program that breaks no rule, with a resource of every type that rules are about. */
const program = `
  import * as aws from "@pulumi/aws";
  import * as pulumi from "@pulumi/pulumi";
  const document = (...Statement) => JSON.stringify({ Version: "2012-10-17", Statement });
  const trust = (Service) => document({ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" });
  const keep = { retainOnDelete: true };

  const logRole = new aws.iam.Role("logs", { assumeRolePolicy: trust("apigateway.amazonaws.com") }, keep);
  const logRights = new aws.iam.RolePolicyAttachment("logs", {
    role: logRole.name,
    policyArn: "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
  }, keep);
  const account = new aws.apigateway.Account("region", { cloudwatchRoleArn: logRole.arn }, { ...keep, dependsOn: logRights });

  const role = new aws.iam.Role("sentry", { assumeRolePolicy: trust("lambda.amazonaws.com") });
  const rights = new aws.iam.RolePolicy("sentry", {
    role: role.id,
    policy: document({ Effect: "Allow", Action: "logs:PutLogEvents", Resource: "arn:aws:logs:us-east-1:123456789012:log-group:sentry:*" }),
  });
  const lambda = new aws.lambda.Function("sentry", {
    role: role.arn,
    runtime: "nodejs24.x",
    handler: "index.handler",
    architectures: ["arm64"],
    memorySize: 256,
    timeout: 5,
    code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset("code") }),
    environment: { variables: { MODE: "strict" } },
  }, { dependsOn: rights });

  const api = new aws.apigatewayv2.Api("chat", { protocolType: "WEBSOCKET", routeSelectionExpression: "$request.body.action" });
  const apiId = api.id;
  const authorizer = new aws.apigatewayv2.Authorizer("sentry", {
    apiId,
    authorizerType: "REQUEST",
    authorizerUri: lambda.invokeArn,
    identitySources: ["route.request.header.Authorization", "route.request.querystring.token", "stageVariables.mode", "context.identity"],
  });
  const permit = (name, source) => new aws.lambda.Permission(name, {
    action: "lambda:InvokeFunction",
    function: lambda.name,
    principal: "apigateway.amazonaws.com",
    sourceArn: pulumi.interpolate\`\${api.executionArn}/\${source}\`,
  });
  permit("sentry", pulumi.interpolate\`authorizers/\${authorizer.id}\`);
  permit("say", "live/say");

  const integration = new aws.apigatewayv2.Integration("say", {
    apiId,
    integrationType: "AWS_PROXY",
    integrationMethod: "POST",
    integrationUri: lambda.invokeArn,
  });
  const mock = new aws.apigatewayv2.Integration("ping", { apiId, integrationType: "MOCK" });
  const pong = new aws.apigatewayv2.IntegrationResponse("ping", { apiId, integrationId: mock.id, integrationResponseKey: "$default" });
  const model = new aws.apigatewayv2.Model("say", { apiId, name: "say", contentType: "application/json", schema: '{"type":"object"}' });
  const connect = new aws.apigatewayv2.Route("connect", { apiId, routeKey: "$connect", authorizationType: "CUSTOM", authorizerId: authorizer.id });
  const say = new aws.apigatewayv2.Route("say", {
    apiId,
    routeKey: "say",
    authorizationType: "NONE",
    target: pulumi.interpolate\`integrations/\${integration.id}\`,
    modelSelectionExpression: "$request.body.action",
    requestModels: { say: model.name },
    routeResponseSelectionExpression: "$default",
  });
  const response = new aws.apigatewayv2.RouteResponse("say", { apiId, routeId: say.id, routeResponseKey: "$default" });
  const deployment = new aws.apigatewayv2.Deployment("chat", { apiId, triggers: { routes: "hash" } }, { dependsOn: [connect, say, response, pong, account] });
  const access = new aws.cloudwatch.LogGroup("access", { name: "access", retentionInDays: 30 });
  const stage = new aws.apigatewayv2.Stage("chat", {
    apiId,
    name: "live",
    deploymentId: deployment.id,
    defaultRouteSettings: { throttlingRateLimit: 1, throttlingBurstLimit: 1, loggingLevel: "ERROR" },
    routeSettings: [{ routeKey: "say", throttlingRateLimit: 1, throttlingBurstLimit: 1, loggingLevel: "INFO" }],
    accessLogSettings: { destinationArn: access.arn, format: "$context.requestId" },
  });
  const domain = new aws.apigatewayv2.DomainName("chat", {
    domainName: "chat.example.com",
    domainNameConfiguration: {
      certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/one",
      endpointType: "REGIONAL",
      securityPolicy: "TLS_1_2",
      ipAddressType: "dualstack",
    },
  });
  new aws.apigatewayv2.ApiMapping("chat", { apiId, domainName: domain.id, stage: stage.id });

  const pool = new aws.cognito.UserPool("members", { passwordPolicy: { minimumLength: 12 } });
  new aws.cognito.UserPoolClient("members", { userPoolId: pool.id });
  new aws.cognito.User("carol", { userPoolId: pool.id, username: "carol" });

  new aws.iam.Policy("push", { policy: document({ Effect: "Allow", Action: "execute-api:ManageConnections", Resource: "*" }) });
  new aws.cloudwatch.MetricAlarm("errors", {
    comparisonOperator: "GreaterThanThreshold",
    namespace: "AWS/ApiGateway",
    metricName: "ExecutionError",
    dimensions: { ApiId: apiId, Stage: "live" },
    statistic: "Sum",
    period: 300,
    evaluationPeriods: 1,
    threshold: 1,
    alarmActions: ["arn:aws:sns:us-east-1:123456789012:alarms"],
  });
  new aws.cloudwatch.MetricAlarm("throttles", {
    comparisonOperator: "GreaterThanThreshold",
    evaluationPeriods: 1,
    threshold: 1,
    metricQueries: [
      { id: "sum", expression: "SUM(METRICS())", returnData: true },
      { id: "one", metric: { namespace: "AWS/Lambda", metricName: "Throttles", dimensions: { FunctionName: lambda.name }, stat: "Sum", period: 60 } },
    ],
  });
  new aws.cloudwatch.Dashboard("chat", {
    dashboardName: "chat",
    dashboardBody: JSON.stringify({
      widgets: [
        { type: "metric", properties: { metrics: [["AWS/ApiGateway", "ConnectCount", "ApiId", "a", { stat: "Sum" }], [{ expression: "SUM(METRICS())" }], ["..."]] } },
        { type: "text", properties: { markdown: "# Chat" } },
      ],
    }),
  });`;

/** A resource of the program: type without `aws:`, and name. */
export type Subject = readonly [type: string, name: string];

export interface RunArgs {
  readonly alter?: Alter;
  readonly account?: Partial<AwsAccount>;
  /** Statements behind the program's own. */
  readonly more?: string;
}

/** Runs the program, with one thing different. */
export function runRuleProgram({ alter, account, more = "" }: RunArgs = {}): Promise<ResourceGraph> {
  return runSource(`${program}\n${more}`, { ...(alter && { alter }), ...(account && { account }) });
}

/** The program with other inputs of one resource; undefined takes one out. */
export function changed([type, name]: Subject, inputs: Properties): Alter {
  return (resource) => {
    if (resource.type !== `aws:${type}` || resource.name !== name) return resource;
    const entries = Object.entries({ ...resource.inputs, ...inputs });
    return { ...resource, inputs: Object.fromEntries(entries.filter(([, value]) => value !== undefined)) };
  };
}

/** The program without one resource. */
export function dropped([type, name]: Subject): Alter {
  return (resource) => (resource.type === `aws:${type}` && resource.name === name ? undefined : resource);
}

/** The program in which one resource does not wait for another. */
export function independent([type, name]: Subject, [otherType, otherName]: Subject): Alter {
  return (resource) =>
    resource.type === `aws:${type}` && resource.name === name
      ? {
          ...resource,
          dependencies: resource.dependencies.filter(
            (urn) => !urn.endsWith(`aws:${otherType}::${otherName}`),
          ),
        }
      : resource;
}
