import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { programGraph, resource } from "./program-graph.ts";

describe("the program's outputs", () => {
  it("are these and no others", async () => {
    const graph = await programGraph();
    const api = resource(graph, "aws:apigatewayv2/api:Api", "websocket");
    const policy = resource(graph, "aws:iam/policy:Policy", "manage-connections");
    const authorizer = resource(graph, "aws:lambda/function:Function", "authorizer");
    assert.match(api.id, /^[a-z0-9]{10}$/);
    assert.deepEqual(graph.outputs, {
      url: `wss://${api.id}.execute-api.us-east-1.amazonaws.com/prod`,
      connectCommand: `wscat -c 'wss://${api.id}.execute-api.us-east-1.amazonaws.com/prod' -H "Authorization: Bearer $TOKEN"`,
      managementEndpoint: `https://${api.id}.execute-api.us-east-1.amazonaws.com/prod`,
      manageConnectionsPolicyArn: `arn:aws:iam::123456789012:policy/${policy.outputs.name}`,
      apiId: api.id,
      stageName: "prod",
      executionArn: `arn:aws:execute-api:us-east-1:123456789012:${api.id}`,
      authorizerFunctionName: authorizer.outputs.name,
      dashboardUrl:
        "https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/jwt-websocket-api-test",
    });
  });

  it("follow the stage's name, and the shell leaves that of $default alone", async () => {
    const { outputs } = await programGraph({ stageName: "$default" });
    const { url, connectCommand, managementEndpoint, stageName } = outputs;
    assert.match(url, /^wss:\/\/[a-z0-9]{10}\.execute-api\.us-east-1\.amazonaws\.com\/\$default$/);
    assert.equal(connectCommand, `wscat -c '${url}' -H "Authorization: Bearer $TOKEN"`);
    assert.equal(managementEndpoint, url.replace("wss:", "https:"));
    assert.equal(stageName, "$default");
  });
});
