import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { projectName } from "../project-name.ts";
import type { TestSettings } from "../test-stack.ts";
import { domain, programGraph, resource } from "./program-graph.ts";

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
      dashboardUrl: `https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/${projectName}-test-${api.id}`,
    });
  });

  it("have a line to connect with that puts the token where this stack takes it", async () => {
    for (const [tokenSources, rest] of [
      ['["subprotocol","header"]', `' -H "Authorization: Bearer $TOKEN"`],
      ['["query","subprotocol"]', `' -s app.v1 -s "bearer.$TOKEN"`],
      ['["query"]', `?token='"$TOKEN"`],
    ] as const) {
      const { outputs } = await programGraph({ tokenSources });
      assert.equal(outputs.connectCommand, `wscat -c '${outputs.url}${rest}`);
    }
  });

  /** Where clients connect, and where messages are pushed from; `api` stands for the API's own host name. */
  const addresses: readonly [
    what: string,
    settings: TestSettings,
    url: string,
    managementEndpoint: string,
  ][] = [
    ["at the stage $default", { stageName: "$default" }, "wss://api/$default", "https://api/$default"],
    ["with a domain", domain, "wss://chat.example.com", "https://api/prod"],
    [
      "with a domain, at the stage $default",
      { ...domain, stageName: "$default" },
      "wss://chat.example.com",
      "https://api/$default",
    ],
    [
      "with a domain as the only way in",
      { ...domain, disableDefaultEndpoint: "true" },
      "wss://chat.example.com",
      "https://chat.example.com",
    ],
  ];
  for (const [what, settings, url, managementEndpoint] of addresses)
    it(`have ${url} for clients and ${managementEndpoint} for pushing, ${what}`, async () => {
      const { outputs } = await programGraph(settings);
      const host = `${outputs.apiId}.execute-api.us-east-1.amazonaws.com`;
      const resolved = (address: string) => address.replace("//api/", `//${host}/`);
      assert.equal(outputs.url, resolved(url));
      // In single quotes, the shell leaves the stage $default alone.
      assert.equal(outputs.connectCommand, `wscat -c '${resolved(url)}' -H "Authorization: Bearer $TOKEN"`);
      assert.equal(outputs.managementEndpoint, resolved(managementEndpoint));
      assert.equal(outputs.stageName, settings.stageName ?? "prod");
    });
});
