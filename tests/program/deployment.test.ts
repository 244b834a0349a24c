import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { describe, it } from "mocha";
import { settingKeys } from "../../infra/settings.ts";
import type { ResourceGraph } from "../../local/graph/resource-graph.ts";
import { UserPool } from "../../local/user-pool/user-pool.ts";
import { runWithMocks } from "../mocks/run-with-mocks.ts";
import { type TestSettings, testStackConfig } from "../test-stack.ts";
import { signingKeys, userPoolId } from "../token-factory.ts";
import { withoutStackTraces } from "../without-stack-traces.ts";
import { type Edits, editedGraph, replacing } from "./checkout.ts";
import { checkedNames, functionNames, replyingNames, routeNames, routes } from "./declared-routes.ts";
import { type HashedDefinition, runAndReadDefinition, triggerOf } from "./hashed-definition.ts";
import { certificateArn, fullest, graphWithKeys, programGraph, resource, topicArn } from "./program-graph.ts";

/** The resources of an API that are served as they are, without a deployment; all others are in its snapshot. */
const servedAtOnce = ["Api", "ApiMapping", "Deployment", "DomainName", "Stage"];

/** How many resources a deployment freezes: the authorizer, and each route with all that is its own. */
const frozenCount = 1 + routeNames.length * 2 + checkedNames.length + replyingNames.length;

/** The inputs of all that a deployment freezes. */
function frozenInputs({ resources }: ResourceGraph) {
  return resources
    .filter(({ type }) => type.startsWith("aws:apigatewayv2/"))
    .filter(({ type }) => !servedAtOnce.includes(type.split(":")[2] ?? ""))
    .map(({ inputs }) => inputs);
}

/** The trigger's text must hold every input of every such resource, and nothing else. */
function assertHoldsAll({ api, authorizer, routes }: HashedDefinition, graph: ResourceGraph, parts: number) {
  const { routeSelectionExpression, disableExecuteApiEndpoint } = resource(
    graph,
    "aws:apigatewayv2/api:Api",
    "websocket",
  ).inputs;
  assert.deepEqual(api, { routeSelectionExpression, disableExecuteApiEndpoint });
  const hashed = [authorizer, ...routes.flatMap((route) => Object.values(route))];
  const frozen = frozenInputs(graph);
  assert.equal(hashed.length, parts);
  assert.equal(frozen.length, parts);
  assert.deepEqual(new Set(hashed), new Set(frozen));
}

describe("the deployment's trigger", () => {
  for (const [what, settings] of [
    ["all that a stack can have", fullest],
    ["one token source", { tokenSources: '["header"]' }],
  ] as const)
    it(`is the hash of every input of all that it freezes, with ${what}`, async () => {
      const stackConfig = testStackConfig({ jwks: "runtime", ...settings });
      const { graph, definition } = await runAndReadDefinition(() => runWithMocks(stackConfig));
      assertHoldsAll(definition, graph, frozenCount);
      assert.deepEqual(
        definition.routes.map(({ route }) => route?.routeKey),
        routes.map(({ routeKey }) => routeKey).sort(),
      );
    });
});

const index = "index.ts";
const route = "infra/route.ts";
const authorizer = "infra/authorizer.ts";
const whoami = 'new Route("whoami", { ...common, replies: true })';
const handler = "export const handler = async () => ({ statusCode: 200 });";

/** One more input of each kind of resource that a deployment freezes. */
const oneInputMore: Edits = {
  [authorizer]: replacing(
    'name: "cognito",',
    'name: "cognito", authorizerCredentialsArn: "arn:aws:iam::123456789012:role/caller",',
  ),
  [route]: (text) =>
    [
      replacing('integrationMethod: "POST",', 'integrationMethod: "POST", timeoutMilliseconds: 5000,'),
      replacing("      target: ", '      operationName: "of its own",\n      target: '),
      replacing("{ apiId, routeId:", '{ apiId, modelSelectionExpression: "default", routeId:'),
      replacing("      schema,\n", '      schema,\n      description: "of its own",\n'),
    ].reduce((edited, edit) => edit(edited), text),
};

/** One change of what is deployed: of the sources, and how many more resources the deployment then freezes. */
const renewals: readonly [what: string, edits: Edits, more: number][] = [
  ["one more input of each kind", oneInputMore, 0],
  ["the authorizer's name", { [authorizer]: replacing('name: "cognito",', 'name: "sentry",') }, 0],
  ["what selects a route", { [index]: replacing('"$request.body.action"', '"$request.body.kind"') }, 0],
  ["a $connect without the authorizer", { [index]: replacing("    authorizer,\n", "") }, 0],
  ["a route's key", { [index]: replacing(whoami, whoami.replace("replies", 'routeKey: "who", replies')) }, 0],
  ["a route without a response", { [index]: replacing(whoami, 'new Route("whoami", common)') }, -1],
  [
    "a model's schema",
    { "functions/whoami.schema.json": replacing('"required": ["action"]', '"required": ["action", "id"]') },
    0,
  ],
  [
    "one more route and model",
    {
      [index]: replacing(whoami, `${whoami}, new Route("another", common)`),
      "functions/another.ts": handler,
      "functions/another.schema.json": "{}",
    },
    3,
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
  for (const [what, edits, more] of renewals)
    it(`of ${what} makes a new deployment`, async () => {
      const before = triggerOf(await programGraph());
      const { graph, definition } = await runAndReadDefinition(() => editedGraph(edits));
      assertHoldsAll(definition, graph, frozenCount + more);
      assert.notEqual(triggerOf(graph), before);
    });

  it("of a function's code, memory, logs, alarms or the dashboard makes none", async () => {
    const [before, after] = [await programGraph(), await editedGraph(others)];
    const changed = after.resources.filter(
      ({ inputs }, i) => JSON.stringify(inputs) !== JSON.stringify(before.resources[i]?.inputs),
    );
    assert.deepEqual(
      new Set(changed.map(({ type, name }) => `${type} ${name}`)),
      new Set([
        ...functionNames.map((name) => `aws:lambda/function:Function ${name}`),
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

/** What the stack had when it was deployed last, in a program that these edits make of the present one. */
async function afterUpdate(formerEdits: Edits, edits: Edits = {}) {
  const former = await editedGraph(formerEdits);
  const present = await editedGraph(edits, { former });
  return { former, present, next: await editedGraph(edits, { former: present }) };
}

const anotherRoute: Edits = {
  [index]: replacing(whoami, `${whoami}, new Route("another", { ...common, replies: true })`),
  "functions/another.ts": handler,
  "functions/another.schema.json": "{}",
};

/** What leaves the program: how it was before, and how the warning names it. */
const departures: readonly [what: string, former: Edits, left: string][] = [
  ["a route", anotherRoute, "integration another, model another, response another, route another"],
  ["a schema", { "functions/disconnect.schema.json": "{}" }, "model disconnect"],
  [
    "a route's replies",
    { [index]: replacing('routeKey: "$disconnect"', 'routeKey: "$disconnect", replies: true') },
    "response disconnect",
  ],
];

async function withWarnings<T>(lines: string[], act: () => Promise<T>): Promise<T> {
  const { warn } = pulumi.log;
  const log = pulumi.log as { warn: typeof warn };
  log.warn = async (text) => void lines.push(text);
  try {
    return await act();
  } finally {
    log.warn = warn;
  }
}

describe("what leaves the program", () => {
  for (const [what, edits, left] of departures)
    it(`makes a deployment in the next update too, and none after it: ${what}`, async () => {
      const lines: string[] = [];
      const { former, present, next } = await withWarnings(lines, () => afterUpdate(edits));
      const unmarked = triggerOf(await editedGraph({}));
      assert.notEqual(triggerOf(present), triggerOf(former));
      assert.notEqual(triggerOf(present), unmarked);
      assert.equal(triggerOf(next), unmarked);
      assert.deepEqual(lines, [
        `the stage serves what leaves the program until the next update: ${left}. Then run npx pulumi up once more`,
      ]);
    });

  it("makes the same deployment until it is gone from the state", async () => {
    const former = await editedGraph(anotherRoute);
    const [once, again] = [await editedGraph({}, { former }), await editedGraph({}, { former })];
    assert.equal(triggerOf(once), triggerOf(again));
  });
});

describe("a program without a change", () => {
  for (const [what, edits] of [
    ["at all", {}],
    [
      "but another order of the actions",
      {
        [index]: (text: string) =>
          text.replace(
            /( +new Route\("sendmessage".+\n)( +new Route\("whoami".+\n)/,
            (_, one: string, other: string) => `${other}${one}`,
          ),
      },
    ],
  ] as const)
    it(`${what} makes no new deployment`, async () => {
      const former = await programGraph();
      const present = await editedGraph(edits, { former });
      assert.equal(triggerOf(present), triggerOf(former));
    });
});

describe("a route key", () => {
  const moved = (options: string) => ({
    [index]: replacing(
      whoami,
      `new Route("who", { ...common, routeKey: "whoami", replies: true }${options})`,
    ),
    "functions/who.ts": handler,
  });

  it("moves to no other route, as API Gateway refuses two routes with one key", async () => {
    await assert.rejects(editedGraph(moved(""), { former: await programGraph() }), (error: Error) => {
      assert.match(
        error.message,
        /^API Gateway refuses two routes with one key:\n {2}whoami belongs to the route "whoami", and would move to "who": to rename the route, add \{ aliases: \[\{ name: "whoami" \}\] \} /,
      );
      return true;
    });
  });

  it("stays with a route that is renamed and says how it was called", async () => {
    const edits = moved(', { aliases: [{ name: "whoami" }] }');
    const { present, next } = await afterUpdate({}, edits);
    const model = (graph: ResourceGraph) =>
      graph.resources.filter(({ type }) => type === "aws:apigatewayv2/model:Model").map(({ name }) => name);
    assert.deepEqual(model(present), ["sendmessage"]);
    assert.equal(triggerOf(present) === triggerOf(next), false, "its model is gone");
  });
});

describe("a stack", () => {
  it("stays in its region", async () => {
    const former = await programGraph();
    const stackConfig = testStackConfig({ jwks: "runtime", "aws:region": "eu-west-1" });
    await assert.rejects(
      withoutStackTraces(() => runWithMocks(stackConfig, { former })),
      (error: Error) => {
        assert.equal(
          error.message,
          'aws:region is "eu-west-1", but this stack is in us-east-1: make a new stack for eu-west-1, and destroy this one when clients have moved; to keep it, npx pulumi config set aws:region us-east-1',
        );
        return true;
      },
    );
  });
});

/** Settings other than the fullest stack's. Each is somewhere; those that change what is frozen are marked. */
const otherSettings: readonly [what: string, settings: TestSettings, renews?: "renews"][] = [
  [
    "whose tokens are good and who is welcome",
    {
      userPoolId: "us-east-1_Other",
      userPoolClientIds: '["other"]',
      requiredGroups: '["admins"]',
      requiredScopes: '["orders/read"]',
      allowedOrigins: '["https://app.example.com"]',
      issuerHost: "issuer-cognito-idp",
    },
  ],
  ["which token is good", { tokenUse: "id" }],
  ["where a token is looked for", { tokenSources: '["header"]' }, "renews"],
  ["the stage's name", { stageName: "$default" }],
  [
    "throttles and metrics",
    {
      throttlingRateLimit: "7",
      throttlingBurstLimit: "9",
      connectThrottlingRateLimit: "7",
      connectThrottlingBurstLimit: "9",
      detailedMetrics: "false",
    },
  ],
  ["logs", { logRetentionDays: "7", apiGatewayLogRole: "off" }],
  ["when keys are read", { jwks: "deploy" }],
  [
    "alarms",
    {
      alarmTopicArn: `${topicArn}-2`,
      alarmAuthorizerFailures: "7",
      alarmIntegrationErrors: "7",
      alarmExecutionErrors: "7",
      alarmThrottles: "7",
      alarmLatencyMs: "7",
    },
  ],
  ["the domain", { domainName: "talk.example.com", hostedZoneId: "ZOTHER", certificateArn }],
  ["whether the default endpoint serves", { disableDefaultEndpoint: "false" }, "renews"],
  ["the endpoint's address families", { ipAddressType: "ipv4" }],
];

function graphOf(settings: TestSettings): Promise<ResourceGraph> {
  return settings.jwks === "deploy"
    ? graphWithKeys(new UserPool({ userPoolId, clients: [], users: [], signingKeys }), settings)
    : programGraph(settings);
}

describe("a change of settings", () => {
  it("is tested for every setting", () => {
    assert.deepEqual(
      otherSettings.flatMap(([, settings]) => Object.keys(settings)).sort(),
      [...settingKeys].sort(),
    );
  });

  for (const [what, settings, renews] of otherSettings)
    it(`of ${what} makes ${renews ? "a new" : "no new"} deployment`, async () => {
      const [before, after] = [await programGraph(fullest), await graphOf({ ...fullest, ...settings })];
      assert.notDeepEqual(after.resources, before.resources);
      assert.equal(triggerOf(after) === triggerOf(before), renews === undefined);
    });
});
