import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { deployedApis } from "../../local/gateway/deployed-api.ts";
import { Message } from "../../local/gateway/message.ts";
import type { Properties, RecordedResource } from "../../local/graph/resource-graph.ts";
import { graphOf, resource } from "../resource-graph.ts";

const executionArn = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5";
const functionArn = "arn:aws:lambda:us-east-1:123456789012:function:join";
const invokeArn = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`;

const api = resource("apigatewayv2/api:Api", "api", {
  id: "a1b2c3d4e5",
  inputs: { protocolType: "WEBSOCKET", routeSelectionExpression: "$request.body.action" },
  outputs: { executionArn, apiEndpoint: "wss://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com" },
});
const integration = integrationWith({});
const join = routeWith("join", { target: "integrations/join" });
const deployment = deploymentOf(join, integration);
const stage = stageWith({ deploymentId: "deployment" });

function integrationWith(inputs: Properties): RecordedResource {
  return resource("apigatewayv2/integration:Integration", "join", {
    inputs: { apiId: api.id, integrationType: "AWS_PROXY", integrationUri: invokeArn, ...inputs },
  });
}

function routeWith(routeKey: string, inputs: Properties): RecordedResource {
  return resource("apigatewayv2/route:Route", routeKey, {
    inputs: { apiId: api.id, routeKey, authorizationType: "NONE", ...inputs },
  });
}

function deploymentOf(...dependencies: RecordedResource[]): RecordedResource {
  return resource("apigatewayv2/deployment:Deployment", "deployment", {
    inputs: { apiId: api.id },
    dependencies,
  });
}

function stageWith(inputs: Properties): RecordedResource {
  return resource("apigatewayv2/stage:Stage", "stage", {
    id: "prod",
    inputs: { apiId: api.id, name: "prod", ...inputs },
    outputs: { executionArn: `${executionArn}/prod` },
  });
}

function routeResponse(key: string): RecordedResource {
  return resource("apigatewayv2/routeResponse:RouteResponse", "join", {
    inputs: { apiId: api.id, routeId: "join", routeResponseKey: key },
  });
}

/** The keys of the routes of the one stage. */
function routeKeys(...resources: RecordedResource[]): string[] {
  const [only, ...others] = deployedApis(graphOf(...resources));
  assert.equal(others.length, 0);
  return [...(only?.routes.keys() ?? [])];
}

function theRoute(...resources: RecordedResource[]) {
  return deployedApis(graphOf(api, ...resources))[0]?.routes.get("join");
}

describe("a deployed API", () => {
  it("is what its stage serves", () => {
    const served = deployedApis(graphOf(api, integration, join, deployment, stage));
    const { selectRouteKey } = served[0] ?? assert.fail("no API");
    const { admits, allows } = served[0]?.routes.get("join") ?? assert.fail("no route");
    assert.deepEqual(served, [
      {
        apiId: "a1b2c3d4e5",
        stageName: "prod",
        domainName: "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
        stageArn: `${executionArn}/prod`,
        selectRouteKey,
        stageVariables: {},
        routes: new Map([
          [
            "join",
            {
              routeKey: "join",
              authorizer: undefined,
              integration: {
                type: "AWS_PROXY",
                target: { functionArn, sourceArn: `${executionArn}/prod/join` },
                timeoutMs: 29_000,
              },
              admits,
              allows,
              replies: false,
            },
          ],
        ]),
      },
    ]);
    assert.equal(selectRouteKey(new Message('{"action":"join"}')), "join");
    assert.equal(allows(new Message("anything")), true);
    assert.equal(admits(), true);
  });

  it("does not exist without a stage", () => {
    assert.deepEqual(deployedApis(graphOf(api, integration, join, deployment)), []);
  });

  it("has the stage's variables", () => {
    const variables = { color: "blue" };
    const [only] = deployedApis(graphOf(api, stageWith({ stageVariables: variables })));
    assert.deepEqual(only?.stageVariables, variables);
  });

  it("has the routes that its deployment depends on, directly or not, and no others", () => {
    const leave = routeWith("leave", {});
    const late = routeWith("late", {});
    const other = resource("apigatewayv2/route:Route", "other", {
      inputs: { apiId: "other", routeKey: "other" },
    });
    const response = resource("apigatewayv2/routeResponse:RouteResponse", "leave", { dependencies: [leave] });
    const all = [api, integration, join, leave, late, other, response];
    assert.deepEqual(routeKeys(...all, deploymentOf(join, response, other), stage), ["join", "leave"]);
  });

  it("has every route of its API where the stage deploys by itself", () => {
    const other = resource("apigatewayv2/route:Route", "other", {
      inputs: { apiId: "other", routeKey: "other" },
    });
    assert.deepEqual(routeKeys(api, integration, join, other, stageWith({ autoDeploy: true })), ["join"]);
  });

  it("has no route where the stage has no deployment", () => {
    assert.deepEqual(routeKeys(api, integration, join, deployment, stageWith({})), []);
  });

  it("has a route without an integration, which does nothing", () => {
    assert.equal(theRoute(routeWith("join", {}), deploymentOf(join), stage)?.integration, undefined);
  });

  it("takes an integration's own timeout", () => {
    const quick = integrationWith({ timeoutMilliseconds: 50 });
    assert.deepEqual(theRoute(quick, join, deployment, stage)?.integration, {
      type: "AWS_PROXY",
      target: { functionArn, sourceArn: `${executionArn}/prod/join` },
      timeoutMs: 50,
    });
  });
});

describe("a deployed route", () => {
  const replying = routeWith("join", {
    target: "integrations/join",
    routeResponseSelectionExpression: "$default",
  });

  it("replies with a route response and its selection, and with nothing less", () => {
    for (const [route, responses, replies] of [
      [replying, [routeResponse("$default")], true],
      [replying, [], false],
      [replying, [routeResponse("other")], false],
      [join, [routeResponse("$default")], false],
    ] as const)
      assert.equal(theRoute(route, ...responses, integration, deployment, stage)?.replies, replies);
  });

  it("allows what its request models allow", () => {
    const model = resource("apigatewayv2/model:Model", "join", {
      inputs: { apiId: api.id, name: "join", schema: '{"type":"object","required":["name"]}' },
    });
    const checked = routeWith("join", {
      target: "integrations/join",
      modelSelectionExpression: "$request.body.action",
      requestModels: { join: "join" },
    });
    const { allows } =
      theRoute(integration, model, checked, deployment, stage) ?? assert.fail("there is no route");
    assert.deepEqual(
      ['{"action":"join","name":"a"}', '{"action":"join"}'].map((body) => allows(new Message(body))),
      [true, false],
    );
  });

  const authorizer = resource("apigatewayv2/authorizer:Authorizer", "cognito", {
    inputs: { apiId: api.id, authorizerUri: invokeArn },
  });
  const guarded = routeWith("join", { authorizationType: "CUSTOM", authorizerId: "cognito" });

  it("has its authorizer, with the ARN that the permission must name", () => {
    assert.deepEqual(theRoute(authorizer, guarded, deployment, stage)?.authorizer, {
      functionArn,
      sourceArn: `${executionArn}/authorizers/cognito`,
      identitySources: [],
    });
  });

  it("has its authorizer's identity sources", () => {
    const identitySources = ["route.request.header.Authorization"];
    const demanding = resource("apigatewayv2/authorizer:Authorizer", "cognito", {
      inputs: { ...authorizer.inputs, identitySources },
    });
    assert.deepEqual(
      theRoute(demanding, guarded, deployment, stage)?.authorizer?.identitySources,
      identitySources,
    );
  });
});

describe("what local mode cannot serve", () => {
  const refusals: readonly [what: string, resources: readonly RecordedResource[], message: string][] = [
    [
      "an HTTP API",
      [resource("apigatewayv2/api:Api", "api", { id: api.id, inputs: { protocolType: "HTTP" } }), stage],
      'API "api" is HTTP: local mode serves WEBSOCKET APIs only',
    ],
    [
      "IAM authorization",
      [api, routeWith("join", { authorizationType: "AWS_IAM" }), deployment, stage],
      'route "join": authorizationType AWS_IAM is not emulated locally, only NONE and CUSTOM: give the route one of these when you run locally',
    ],
    [
      "a route that wants an API key",
      [api, routeWith("join", { apiKeyRequired: true }), deployment, stage],
      'route "join": apiKeyRequired is not emulated locally: leave it out when you run locally',
    ],
    [
      "a route that wants request parameters",
      [
        api,
        routeWith("join", { requestParameters: [{ requestParameterKey: "x", required: true }] }),
        deployment,
        stage,
      ],
      'route "join": requestParameters is not emulated locally: leave it out when you run locally',
    ],
    [
      "an API whose routes are selected by something else than the body",
      [
        resource("apigatewayv2/api:Api", "api", {
          id: api.id,
          inputs: { ...api.inputs, routeSelectionExpression: "$request.header.action" },
          outputs: api.outputs,
        }),
        stage,
      ],
      'API "api": $request.header.action in the selection expression $request.header.action is not emulated locally: write $request.body.<path> or ${request.body.<path>}',
    ],
    [
      "a stage of an API that is not there",
      [stage],
      "the program refers to aws:apigatewayv2/api:Api a1b2c3d4e5, which it does not declare",
    ],
    [
      "a deployment that is not there",
      [api, stage],
      "the program refers to aws:apigatewayv2/deployment:Deployment deployment, which it does not declare",
    ],
    [
      "an integration that is not there",
      [api, join, deployment, stage],
      "the program refers to aws:apigatewayv2/integration:Integration join, which it does not declare",
    ],
    [
      "an authorizer that is not there",
      [api, routeWith("join", { authorizationType: "CUSTOM", authorizerId: "cognito" }), deployment, stage],
      "the program refers to aws:apigatewayv2/authorizer:Authorizer cognito, which it does not declare",
    ],
  ];
  for (const [what, resources, message] of refusals)
    it(`is ${what}`, () => {
      assert.throws(() => deployedApis(graphOf(...resources)), { message });
    });
});
