import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { ResourceGraph } from "../../local/engine/resource-graph.ts";
import { functionNames, programGraph, resource } from "./program-graph.ts";

const routeNames = ["connect", "default", "disconnect", "sendmessage", "whoami"];

/** Type to names, both sorted: without API Gateway's logs. */
const smallest: Readonly<Record<string, readonly string[]>> = {
  "aws:apigatewayv2/api:Api": ["websocket"],
  "aws:apigatewayv2/authorizer:Authorizer": ["cognito"],
  "aws:apigatewayv2/deployment:Deployment": ["websocket"],
  "aws:apigatewayv2/integration:Integration": routeNames,
  "aws:apigatewayv2/route:Route": routeNames,
  "aws:apigatewayv2/routeResponse:RouteResponse": ["default", "sendmessage", "whoami"],
  "aws:apigatewayv2/stage:Stage": ["websocket"],
  "aws:cloudwatch/logGroup:LogGroup": functionNames,
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["authorizer-failures"],
  "aws:iam/policy:Policy": ["manage-connections"],
  "aws:iam/role:Role": functionNames,
  "aws:iam/rolePolicy:RolePolicy": functionNames,
  "aws:lambda/function:Function": functionNames,
  "aws:lambda/permission:Permission": functionNames,
  "jwt-websocket-api:infra:LambdaFunction": functionNames,
  "jwt-websocket-api:infra:Route": routeNames,
};
const accessLogs = ["access", ...functionNames];

function namesByType({ resources }: ResourceGraph) {
  const types = [...new Set(resources.map(({ type }) => type))];
  const names = (type: string) => resources.filter((one) => one.type === type).map(({ name }) => name);
  return Object.fromEntries(types.map((type) => [type, names(type).sort()]));
}

describe("the program's resources", () => {
  it("are these and no others without API Gateway's logs", async () => {
    assert.deepEqual(namesByType(await programGraph({ apiGatewayLogRole: "off" })), smallest);
  });

  it("are these and no others when the stack manages the log role", async () => {
    assert.deepEqual(namesByType(await programGraph()), {
      ...smallest,
      "aws:apigateway/account:Account": ["region"],
      "aws:cloudwatch/logGroup:LogGroup": accessLogs,
      "aws:iam/role:Role": ["api-gateway-logs", ...functionNames],
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["api-gateway-logs"],
    });
  });

  it("are these and no others when the account has the log role", async () => {
    const graph = await programGraph(
      { apiGatewayLogRole: "existing" },
      { apiGatewayLogRoleArn: "arn:aws:iam::123456789012:role/logs" },
    );
    assert.deepEqual(namesByType(graph), {
      ...smallest,
      "aws:apigateway/account:Account": ["region"],
      "aws:cloudwatch/logGroup:LogGroup": accessLogs,
    });
  });

  it("of a function and of a route are its children", async () => {
    const graph = await programGraph();
    for (const name of functionNames) {
      const component = resource(graph, "jwt-websocket-api:infra:LambdaFunction", name);
      for (const type of [
        "cloudwatch/logGroup:LogGroup",
        "iam/role:Role",
        "iam/rolePolicy:RolePolicy",
        "lambda/function:Function",
      ])
        assert.equal(resource(graph, `aws:${type}`, name).parent, component.urn);
    }
    for (const name of routeNames) {
      const component = resource(graph, "jwt-websocket-api:infra:Route", name);
      for (const type of [
        "lambda/permission:Permission",
        "apigatewayv2/integration:Integration",
        "apigatewayv2/route:Route",
      ])
        assert.equal(resource(graph, `aws:${type}`, name).parent, component.urn);
    }
  });

  it("take their partition and their DNS suffix from the account", async () => {
    const { resources, outputs } = await programGraph(
      { userPoolId: "cn-north-1_TestPool" },
      { region: "cn-north-1", partition: "aws-cn", dnsSuffix: "amazonaws.com.cn" },
    );
    const texts = [...resources.map(({ inputs: { code, ...inputs } }) => inputs), outputs].map((value) =>
      JSON.stringify(value),
    );
    assert.deepEqual(
      texts.filter((text) => /arn:aws:|amazonaws\.com\/|us-east-1/.test(text)),
      [],
    );
    assert.equal(texts.filter((text) => text.includes("arn:aws-cn:")).length > 0, true);
  });
});
