import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { functionPolicies } from "../../local/account/function-rights.ts";
import { rolePolicies } from "../../local/account/roles.ts";
import { type ResourceGraph, resourcesOfType } from "../../local/graph/resource-graph.ts";
import {
  evaluatePolicies,
  type PolicyDocument,
  type Principal,
  parsePolicyDocument,
} from "../../local/iam/policy-evaluator.ts";
import { functionNames, messageRoutes, routes } from "./declared-routes.ts";
import { fullest, programGraph, resource } from "./program-graph.ts";

const lambdaFunction = "aws:lambda/function:Function";

/** What is not granted to anybody, and what is, to whom it is not granted. */
const actions = [
  ...["CreateLogGroup", "CreateLogStream", "DeleteLogGroup", "DeleteLogStream", "DescribeLogGroups"],
  ...["DescribeLogStreams", "FilterLogEvents", "GetLogEvents", "PutLogEvents", "PutRetentionPolicy"],
  ...["PutResourcePolicy", "PutSubscriptionFilter", "StartQuery", "TagResource"],
]
  .map((action) => `logs:${action}`)
  .concat(
    ["lambda:InvokeFunction", "lambda:GetFunction", "lambda:UpdateFunctionCode", "lambda:AddPermission"],
    ["execute-api:Invoke", "execute-api:ManageConnections", "execute-api:InvalidateCache"],
    ["apigateway:GET", "apigateway:PATCH", "apigateway:DELETE", "cognito-idp:AdminGetUser"],
    [
      "s3:GetObject",
      "s3:PutObject",
      "s3:ListBucket",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Scan",
    ],
    ["sts:AssumeRole", "sts:GetCallerIdentity", "iam:PassRole", "iam:CreateRole", "iam:AttachRolePolicy"],
    ["secretsmanager:GetSecretValue", "ssm:GetParameter", "kms:Decrypt", "sns:Publish", "sqs:SendMessage"],
    ["ec2:CreateNetworkInterface", "xray:PutTraceSegments", "cloudwatch:PutMetricData", "events:PutEvents"],
  );

/** An ARN with what is like it, but elsewhere or named a little otherwise. */
function around(arn: string): string[] {
  const [, partition, service, region, account, ...rest] = arn.split(":");
  const at = (...[p, r, a]: (string | undefined)[]) => ["arn", p, service, r, a, ...rest].join(":");
  return [
    arn,
    at("aws-cn", region, account),
    at(partition, "us-east-2", account),
    at(partition, "us-east-11", account),
    at(partition, region, "123456789013"),
    at(partition, region, ""),
    at(partition, "", account),
  ];
}

/** Each pair of an action and an ARN that the policies allow. */
function allowedPairs(documents: readonly PolicyDocument[], arns: Iterable<string>): string[] {
  const all = new Set(["*", ...arns]);
  return actions.flatMap((action) =>
    [...all]
      .filter((arn) => evaluatePolicies(documents, { action, resource: arn }) === "allowed")
      .map((arn) => `${action} ${arn}`),
  );
}

let graph: ResourceGraph;
/** Of everything that this program or its neighbours have. */
let arns: readonly string[];

const account = "us-east-1:123456789012";

function logGroups(): string[] {
  const names = resourcesOfType(graph, "aws:cloudwatch/logGroup:LogGroup").map(({ outputs }) => outputs.name);
  return names
    .flatMap((name) => [name, `${name}2`, `${name}-more`, `${name}/more`, name.slice(0, -1), `x${name}`])
    .concat("/aws/lambda/authorizer", "authorizer", "other")
    .map((name) => `arn:aws:logs:${account}:log-group:${name}`);
}

/** Routes and connections of this API, of its other stages, and of another API. */
function executions(): string[] {
  const { apiId } = graph.outputs;
  const stages = ["prod", "prod2", "prod/x", "pro", "test", "$default", "*"];
  const paths = ["", "/", "/$connect", "/$disconnect", "/$default", "/whoami", "/whoami2", "/whoami/more"]
    .concat(["/@connections/abc=", "/connections/abc=", "/POST/other"])
    .concat(
      ["POST", "GET", "DELETE", "PUT", "PATCH", "HEAD", "post", "*"].map(
        (verb) => `/${verb}/@connections/abc=`,
      ),
    )
    .concat("/POST/@connections", "/POST/@connection/abc=", "/XPOST/@connections/abc=");
  const all = [apiId, `${apiId}2`, `x${apiId}`, "a1b2c3d4e5"].flatMap((id) =>
    stages.flatMap((stage) => paths.map((path) => `arn:aws:execute-api:${account}:${id}/${stage}${path}`)),
  );
  const own = ["/$connect", "/whoami", "/POST/@connections/abc="];
  return [...all, ...own.flatMap((path) => around(`arn:aws:execute-api:${account}:${apiId}/prod${path}`))];
}

before(async () => {
  graph = await programGraph(fullest);
  const created = graph.resources.flatMap(({ outputs }) => (outputs.arn ? [outputs.arn] : []));
  const groups = logGroups().flatMap((group) => [group, `${group}:*`, `${group}:log-stream:a/b`]);
  const others = [
    "arn:aws:s3:::bucket",
    "arn:aws:s3:::bucket/key",
    "arn:aws:iam::aws:policy/AdministratorAccess",
  ];
  arns = [...[...created, ...groups, ...others].flatMap(around), ...executions()];
});

describe("each function's role", () => {
  for (const name of functionNames)
    it(`may write to the log group of ${name}, and nothing else`, () => {
      const { outputs } = resource(graph, "aws:cloudwatch/logGroup:LogGroup", name);
      const { inputs } = resource(graph, lambdaFunction, name);
      const own = `${outputs.arn}:log-stream:a/b`;
      // All streams of the group, as policies name them.
      const wildcard = `${outputs.arn}:*`;
      assert.deepEqual(allowedPairs(rolePolicies(graph, inputs.role), arns).sort(), [
        `logs:CreateLogStream ${wildcard}`,
        `logs:CreateLogStream ${own}`,
        `logs:PutLogEvents ${wildcard}`,
        `logs:PutLogEvents ${own}`,
      ]);
    });

  it("is tested with more than the program has", () => {
    assert.ok(actions.length > 40 && new Set(actions).size === actions.length);
    assert.ok(new Set(arns).size > 1500);
  });
});

describe("the policy for pushing messages", () => {
  it("covers post, read and close on the connections of this stage, and nothing else", () => {
    const { inputs } = resource(graph, "aws:iam/policy:Policy", "manage-connections");
    const document = parsePolicyDocument(inputs.policy, "the policy");
    const allowed = ["POST", "GET", "DELETE"].map(
      (verb) => `execute-api:ManageConnections ${graph.outputs.executionArn}/prod/${verb}/@connections/abc=`,
    );
    assert.deepEqual(allowedPairs([document], arns).sort(), allowed.sort());
  });
});

describe("the permissions of the functions", () => {
  it("let API Gateway call each for its own route or authorizer, and for nothing else", () => {
    const { executionArn } = graph.outputs;
    const authorizer = resource(graph, "aws:apigatewayv2/authorizer:Authorizer", "cognito").id;
    const authorizers = [authorizer, `${authorizer}2`, authorizer.slice(0, -1), "*", ""];
    const sources = new Set([
      ...executions(),
      ...authorizers.flatMap((id) => around(`${executionArn}/authorizers/${id}`)),
      ...["", "/*", ...messageRoutes.map(({ routeKey }) => `/prod/${routeKey}`)].map(
        (path) => `${executionArn}${path}`,
      ),
    ]);
    const permits = functionPolicies(graph);
    const allowed = resourcesOfType(graph, lambdaFunction).flatMap(({ name, outputs }) =>
      [...sources]
        .filter((source) => permits(outputs.arn, source))
        .map((source) => `${name} < ${source.replace(executionArn, "api")}`),
    );
    assert.ok(sources.size > 600);
    const expected = [
      `authorizer < api/authorizers/${authorizer}`,
      ...routes.map(({ name, routeKey }) => `${name} < api/prod/${routeKey}`),
    ];
    assert.deepEqual(allowed.sort(), expected.sort());
  });
});

describe("the trust of each role", () => {
  const services = [
    "lambda",
    "apigateway",
    "ec2",
    "edgelambda",
    "events",
    "states",
    "cognito-idp",
    "ops.apigateway",
  ];
  const principals: Principal[] = services
    .flatMap((service) => [`${service}.amazonaws.com`, `${service}.amazonaws.com.cn`])
    .map((Service): Principal => ({ Service }))
    .concat(
      ["123456789012:root", "123456789012:user/operator", "210987654321:root"].map((who) => ({
        AWS: `arn:aws:iam::${who}`,
      })),
    );
  const trusted = (policy: string) =>
    [
      "sts:AssumeRole",
      "sts:TagSession",
      "sts:SetSourceIdentity",
      "sts:AssumeRoleWithWebIdentity",
      "iam:PassRole",
    ]
      .flatMap((action) => principals.map((principal) => ({ action, principal })))
      .filter(
        (request) =>
          evaluatePolicies([parsePolicyDocument(policy, "trust", "trust")], { ...request, resource: "*" }) ===
          "allowed",
      );

  it("goes to Lambda for functions, to API Gateway for its logs, and to nobody else", () => {
    const by = (Service: string) => [{ action: "sts:AssumeRole", principal: { Service } }];
    const roles = resourcesOfType(graph, "aws:iam/role:Role");
    assert.deepEqual(
      Object.fromEntries(roles.map(({ name, inputs }) => [name, trusted(inputs.assumeRolePolicy)])),
      Object.fromEntries([
        ...functionNames.map((name) => [name, by("lambda.amazonaws.com")]),
        ["api-gateway-logs", by("apigateway.amazonaws.com")],
      ]),
    );
  });
});
