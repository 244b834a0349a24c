import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { resourcesOfType } from "../../local/graph/resource-graph.ts";
import { functionNames, routes } from "./declared-routes.ts";
import { programGraph, resource } from "./program-graph.ts";

function allowOnly(statement: object) {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] };
}

describe("the program's IAM policies", () => {
  it("let each function write to its own log group and nothing else", async () => {
    const graph = await programGraph();
    for (const name of functionNames) {
      const logGroup = resource(graph, "aws:cloudwatch/logGroup:LogGroup", name);
      const role = resource(graph, "aws:iam/role:Role", name);
      const policy = resource(graph, "aws:iam/rolePolicy:RolePolicy", name);
      const lambda = resource(graph, "aws:lambda/function:Function", name);
      assert.equal(policy.inputs.role, role.id);
      assert.equal(lambda.inputs.role, role.outputs.arn);
      assert.equal(lambda.inputs.loggingConfig.logGroup, logGroup.outputs.name);
      assert.deepEqual(
        JSON.parse(policy.inputs.policy),
        allowOnly({
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: `arn:aws:logs:us-east-1:123456789012:log-group:${logGroup.outputs.name}:*`,
        }),
      );
    }
    assert.equal(
      new Set(resourcesOfType(graph, "aws:iam/rolePolicy:RolePolicy").map(({ inputs }) => inputs.policy))
        .size,
      functionNames.length,
    );
  });

  it("let Lambda assume the functions' roles, API Gateway its log role, and nobody else", async () => {
    const roles = resourcesOfType(await programGraph(), "aws:iam/role:Role");
    const trust = roles.map(({ name, inputs }) => [name, JSON.parse(inputs.assumeRolePolicy)]);
    const assumableBy = (Service: string) => allowOnly({ Principal: { Service }, Action: "sts:AssumeRole" });
    assert.deepEqual(Object.fromEntries(trust), {
      ...Object.fromEntries(functionNames.map((name) => [name, assumableBy("lambda.amazonaws.com")])),
      "api-gateway-logs": assumableBy("apigateway.amazonaws.com"),
    });
  });

  it("come with no inline or managed policy of a role but API Gateway's for logs", async () => {
    const graph = await programGraph();
    const roles = resourcesOfType(graph, "aws:iam/role:Role");
    assert.deepEqual(
      new Set(roles.flatMap(({ inputs }) => Object.keys(inputs))),
      new Set(["assumeRolePolicy", "forceDetachPolicies"]),
    );
    assert.deepEqual(
      resourcesOfType(graph, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(({ inputs }) => inputs),
      [
        {
          role: resource(graph, "aws:iam/role:Role", "api-gateway-logs").outputs.name,
          policyArn: "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
        },
      ],
    );
  });

  it("let other stacks push to, read and close this stage's connections", async () => {
    const graph = await programGraph({ stageName: "live" });
    const { id } = resource(graph, "aws:apigatewayv2/api:Api", "websocket");
    const { inputs } = resource(graph, "aws:iam/policy:Policy", "manage-connections");
    const connections = (method: string) =>
      `arn:aws:execute-api:us-east-1:123456789012:${id}/live/${method}/@connections/*`;
    assert.deepEqual(
      { ...inputs, policy: JSON.parse(inputs.policy) },
      {
        description: "Push to, read and close the connections of one WebSocket stage",
        policy: allowOnly({
          Action: "execute-api:ManageConnections",
          Resource: [connections("POST"), connections("GET"), connections("DELETE")],
        }),
      },
    );
  });
});

describe("the program's Lambda permissions", () => {
  it("let API Gateway call each function from its own route or authorizer, and nothing else", async () => {
    const graph = await programGraph({ stageName: "live" });
    const prefix = `arn:aws:execute-api:us-east-1:123456789012:${graph.outputs.apiId}`;
    const authorizer = resource(graph, "aws:apigatewayv2/authorizer:Authorizer", "cognito");
    const permission = (name: string, source: string) => [
      name,
      {
        action: "lambda:InvokeFunction",
        function: resource(graph, "aws:lambda/function:Function", name).outputs.name,
        principal: "apigateway.amazonaws.com",
        sourceArn: `${prefix}/${source}`,
      },
    ];
    const granted = resourcesOfType(graph, "aws:lambda/permission:Permission");
    assert.equal(granted.length, functionNames.length);
    assert.deepEqual(
      Object.fromEntries(granted.map(({ name, inputs }) => [name, inputs])),
      Object.fromEntries([
        permission("authorizer", `authorizers/${authorizer.id}`),
        ...routes.map(({ name, routeKey }) => permission(name, `live/${routeKey}`)),
      ]),
    );
  });
});
