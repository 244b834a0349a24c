import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { UserPool } from "../../local/user-pool/user-pool.ts";
import { signingKeys } from "../token-factory.ts";
import { graphWithKeys, programGraph, resource } from "./program-graph.ts";

async function authorizerInputs(tokenSources: string[]) {
  const graph = await programGraph({ tokenSources: JSON.stringify(tokenSources) });
  const { inputs } = resource(graph, "aws:apigatewayv2/authorizer:Authorizer", "cognito");
  const { invokeArn } = resource(graph, "aws:lambda/function:Function", "authorizer").outputs;
  const common = {
    apiId: graph.outputs.apiId,
    name: "cognito",
    authorizerType: "REQUEST",
    authorizerUri: invokeArn,
  };
  return { inputs, common };
}

describe("the program's authorizer", () => {
  for (const [source, identitySource] of [
    ["header", "route.request.header.Authorization"],
    ["subprotocol", "route.request.header.Sec-WebSocket-Protocol"],
    ["query", "route.request.querystring.token"],
  ] as const)
    it(`lets API Gateway refuse what lacks ${identitySource} when ${source} is the only token source`, async () => {
      const { inputs, common } = await authorizerInputs([source]);
      assert.deepEqual(inputs, { ...common, identitySources: [identitySource] });
    });

  for (const sources of [
    ["header", "subprotocol"],
    ["query", "header"],
    ["header", "subprotocol", "query"],
  ])
    it(`has no identity source with the token sources ${sources.join(", ")}`, async () => {
      const { inputs, common } = await authorizerInputs(sources);
      assert.deepEqual(inputs, common);
    });

  it("is told its settings, and nothing else", async () => {
    const graph = await programGraph({
      userPoolClientIds: '["one","two"]',
      tokenUse: "access",
      tokenSources: '["query"]',
      requiredGroups: '["admins"]',
      requiredScopes: '["orders/read"]',
      allowedOrigins: '["https://app.example.com"]',
      stageName: "live",
      issuerHost: "issuer-cognito-idp",
    });
    const { inputs } = resource(graph, "aws:lambda/function:Function", "authorizer");
    assert.deepEqual(inputs.environment, {
      variables: {
        ISSUER: "https://issuer-cognito-idp.us-east-1.amazonaws.com/us-east-1_TestPool",
        CLIENT_IDS: '["one","two"]',
        TOKEN_USE: "access",
        TOKEN_SOURCES: '["query"]',
        REQUIRED_GROUPS: '["admins"]',
        REQUIRED_SCOPES: '["orders/read"]',
        ALLOWED_ORIGINS: '["https://app.example.com"]',
        CONNECT_ARN: `arn:aws:execute-api:us-east-1:123456789012:${graph.outputs.apiId}/live/$connect`,
      },
    });
  });

  it("has room in Lambda's 4 KB for the longest settings and two keys", async () => {
    const region = "us-gov-west-1";
    const longestId = `${region}_${"A".repeat(46)}`;
    const issuerHost = "issuer-cognito-idp";
    const userPool = new UserPool({ userPoolId: longestId, clients: [], users: [], signingKeys, issuerHost });
    const graph = await graphWithKeys(userPool, {
      "aws:region": region,
      userPoolId: longestId,
      issuerHost,
      stageName: "s".repeat(128),
      // As many as settings take.
      requiredGroups: JSON.stringify(Array.from({ length: 305 }, (_, n) => `${n + 100}`)),
      tokenSources: '["header","subprotocol","query"]',
    });
    const { variables } = resource(graph, "aws:lambda/function:Function", "authorizer").inputs.environment;
    assert.equal(JSON.parse(variables.JWKS).keys.length, 2);
    assert.ok(Buffer.byteLength(JSON.stringify(variables)) <= 4096);
  });
});
