import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { settingKeys } from "../../infra/settings.ts";
import type { ResourceGraph } from "../../local/engine/resource-graph.ts";
import { UserPool } from "../../local/user-pool/user-pool.ts";
import type { TestSettings } from "../test-stack.ts";
import { signingKeys, userPoolId } from "../token-factory.ts";
import { type Edits, editedGraph, replacing } from "./checkout.ts";
import { type HashedDefinition, runAndReadDefinition, triggerOf } from "./hashed-definition.ts";
import { certificateArn, fullest, graphWithKeys, programGraph, resource, topicArn } from "./program-graph.ts";

/** The resources of an API that are served as they are, without a deployment; all others are in its snapshot. */
const servedAtOnce = ["Api", "ApiMapping", "Deployment", "DomainName", "Stage"];

/** The inputs of all that a deployment freezes. */
function frozenInputs({ resources }: ResourceGraph) {
  return resources
    .filter(({ type }) => type.startsWith("aws:apigatewayv2/"))
    .filter(({ type }) => !servedAtOnce.includes(type.split(":")[2] ?? ""))
    .map(({ inputs }) => inputs);
}

/** The trigger's text must hold every input of every such resource, and nothing else. */
function assertHoldsAll({ authorizer, routes }: HashedDefinition, graph: ResourceGraph, parts: number) {
  const hashed = [authorizer, ...routes.flatMap((route) => Object.values(route))];
  const frozen = frozenInputs(graph);
  assert.equal(hashed.length, parts);
  assert.equal(frozen.length, parts);
  assert.deepEqual(new Set(hashed), new Set(frozen));
}

describe("the deployment's trigger", () => {
  for (const [settings, parts] of [
    [fullest, 1 + 5 * 2 + 3 + 2],
    [{ tokenSources: '["header"]' }, 1 + 5 * 2 + 3 + 2],
  ] as const)
    it(`is the hash of every input of all that it freezes, with ${JSON.stringify(settings)}`, async () => {
      const { graph, definition } = await runAndReadDefinition(() => programGraph({ ...settings }));
      assertHoldsAll(definition, graph, parts);
      assert.deepEqual(definition.routes.map(({ route }) => route?.routeKey).sort(), [
        "$connect",
        "$default",
        "$disconnect",
        "sendmessage",
        "whoami",
      ]);
    });
});

const index = "index.ts";
const route = "infra/route.ts";
const whoami = 'new Route("whoami", { ...common, replies: true })';
const handler = "export const handler = async () => ({ statusCode: 200 });";

/** One change of what is deployed: of the sources, and how many resources the deployment then freezes. */
const renewals: readonly [what: string, edits: Edits, parts: number][] = [
  ["the authorizer", { [index]: replacing('name: "cognito",', 'name: "sentry",') }, 16],
  [
    "an authorizer with one more input",
    {
      [index]: replacing(
        'name: "cognito",',
        'name: "cognito", authorizerCredentialsArn: "arn:aws:iam::1:role/a",',
      ),
    },
    16,
  ],
  ["a route without the authorizer", { [index]: replacing("    authorizer,\n", "") }, 16],
  ["an integration", { [route]: replacing('integrationMethod: "POST"', 'integrationMethod: "GET"') }, 16],
  [
    "an integration with one more input",
    {
      [route]: replacing(
        'integrationMethod: "POST",',
        'integrationMethod: "POST", timeoutMilliseconds: 5000,',
      ),
    },
    16,
  ],
  [
    "a route with one more input",
    { [route]: replacing("      target: ", '      operationName: "of its own",\n      target: ') },
    16,
  ],
  [
    "a route of another key",
    { [index]: replacing(whoami, whoami.replace("replies", 'routeKey: "who", replies')) },
    16,
  ],
  ["a route without a response", { [index]: replacing(whoami, 'new Route("whoami", common)') }, 15],
  [
    "a response with one more input",
    { [route]: replacing("{ apiId, routeId:", '{ apiId, modelSelectionExpression: "default", routeId:') },
    16,
  ],
  [
    "a model with one more input",
    { [route]: replacing("      schema,\n", "      schema,\n      description: name,\n") },
    16,
  ],
  [
    "a model's schema",
    { "functions/whoami.schema.json": replacing('"required": ["action"]', '"required": ["action", "id"]') },
    16,
  ],
  ["a model more", { "functions/default.schema.json": "{}" }, 17],
  [
    "a route more",
    { [index]: replacing(whoami, `${whoami}, new Route("ping", common)`), "functions/ping.ts": handler },
    18,
  ],
];

/** Changes of all else, at once. */
const others: Edits = {
  "functions/whoami.ts": replacing('action: "whoami"', 'action: "who"'),
  "functions/authorizer/refusal.ts": replacing("missing_group: 403", "missing_group: 401"),
  "functions/whoami.schema.json": (text) => text.replaceAll("\n", "\n\n"),
  "infra/access-log.ts": replacing('  requestTime: "$context.requestTime",\n', ""),
  "infra/alarms.ts": replacing("evaluationPeriods: 3", "evaluationPeriods: 4"),
  "infra/dashboard.ts": replacing("What goes wrong", "What went wrong"),
  "infra/lambda-function.ts": replacing("args.memoryMb ?? 256", "args.memoryMb ?? 512"),
  "infra/stage.ts": replacing('"ERROR"', '"INFO"'),
};

describe("a change of the program", () => {
  for (const [what, edits, parts] of renewals)
    it(`to ${what} makes a new deployment`, async () => {
      const before = triggerOf(await programGraph());
      const { graph, definition } = await runAndReadDefinition(() => editedGraph(edits));
      assertHoldsAll(definition, graph, parts);
      assert.notEqual(triggerOf(graph), before);
    });

  it("to a function's code, memory, logs, alarms or the dashboard makes none", async () => {
    const [before, after] = [await programGraph(), await editedGraph(others)];
    const changed = after.resources.filter(
      ({ inputs }, i) => JSON.stringify(inputs) !== JSON.stringify(before.resources[i]?.inputs),
    );
    assert.deepEqual(
      new Set(changed.map(({ type, name }) => `${type} ${name}`)),
      new Set([
        ...["authorizer", "connect", "default", "disconnect", "sendmessage", "whoami"].map(
          (name) => `aws:lambda/function:Function ${name}`,
        ),
        "aws:apigatewayv2/stage:Stage websocket",
        "aws:cloudwatch/dashboard:Dashboard websocket",
        "aws:cloudwatch/metricAlarm:MetricAlarm latency",
      ]),
    );
    for (const name of ["authorizer", "whoami"]) {
      const code = (graph: ResourceGraph) =>
        resource(graph, "aws:lambda/function:Function", name).inputs.code;
      assert.notDeepEqual(code(after), code(before));
    }
    assert.equal(triggerOf(after), triggerOf(before));
  });
});

/** Each setting with another value than the fullest stack's, and whether that changes what the deployment freezes. */
const otherSettings: readonly [key: string, value: string, renews?: "renews"][] = [
  ["userPoolId", "us-east-1_Other"],
  ["userPoolClientIds", '["other"]'],
  ["tokenUse", "id"],
  ["requiredGroups", '["admins"]'],
  ["requiredScopes", '["orders/read"]'],
  ["tokenSources", '["header"]', "renews"],
  ["allowedOrigins", '["https://app.example.com"]'],
  ["stageName", "$default"],
  ["throttlingRateLimit", "7"],
  ["throttlingBurstLimit", "9"],
  ["connectThrottlingRateLimit", "7"],
  ["connectThrottlingBurstLimit", "9"],
  ["logRetentionDays", "7"],
  ["apiGatewayLogRole", "off"],
  ["issuerHost", "issuer-cognito-idp"],
  ["jwks", "deploy"],
  ["alarmTopicArn", `${topicArn}-2`],
  ["alarmAuthorizerFailures", "7"],
  ["alarmIntegrationErrors", "7"],
  ["alarmExecutionErrors", "7"],
  ["alarmThrottles", "7"],
  ["alarmLatencyMs", "7"],
  ["detailedMetrics", "false"],
  ["domainName", "talk.example.com"],
  ["hostedZoneId", "ZOTHER"],
  ["certificateArn", certificateArn],
  ["disableDefaultEndpoint", "false"],
  ["ipAddressType", "ipv4"],
];

function graphOf(settings: TestSettings): Promise<ResourceGraph> {
  return settings.jwks === "deploy"
    ? graphWithKeys(new UserPool({ userPoolId, clients: [], users: [], signingKeys }), settings)
    : programGraph(settings);
}

describe("a change of settings", () => {
  it("is tested for every setting", () => {
    assert.deepEqual(
      otherSettings.map(([key]) => key),
      settingKeys,
    );
  });

  for (const [key, value, renews] of otherSettings)
    it(`of ${key} makes ${renews ? "a new" : "no new"} deployment`, async () => {
      const [before, after] = [await programGraph(fullest), await graphOf({ ...fullest, [key]: value })];
      assert.notDeepEqual(after.resources, before.resources);
      assert.equal(triggerOf(after) === triggerOf(before), renews === undefined);
    });

  it("gives each choice of the only token source its own", async () => {
    const triggers = ["header", "subprotocol", "query"].map(async (source) =>
      triggerOf(await programGraph({ tokenSources: JSON.stringify([source]) })),
    );
    assert.equal(new Set(await Promise.all(triggers)).size, 3);
  });
});
