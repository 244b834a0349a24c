import assert from "node:assert/strict";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import type { WebSocket } from "ws";
import type { ResourceGraph } from "../../local/graph/resource-graph.ts";
import { runPrograms } from "../../local/program/run-programs.ts";
import { readStackConfig, type StackConfig } from "../../local/program/stack-config.ts";
import type { Alter } from "../altered-graph.ts";
import { runUnderHost } from "../host/run-under-host.ts";
import { invoke } from "../lambda/invoke-call.ts";
import { changed, without } from "../local/alterations.ts";
import { runWithMocks } from "../mocks/run-with-mocks.ts";
import { resource } from "../program/program-graph.ts";
import { projectName } from "../project-name.ts";
import { programGraph } from "../run-program.ts";
import { ask, bearer, open, startTestStack, type TestStack } from "../test-stack.ts";
import { accessToken } from "../token-factory.ts";

const folder = fileURLToPath(new URL("../../examples/notifier", import.meta.url));
const whoami = '{"action":"whoami"}';

/** What the API's stack has as outputs, as far as the notifier is concerned. */
const outputs = {
  managementEndpoint: "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod",
  manageConnectionsPolicyArn: "arn:aws:iam::123456789012:policy/manage-connections",
};

const api = `${projectName}/test`;

function notifier(): StackConfig {
  const { config, ...stack } = readStackConfig(folder, "test");
  return {
    ...stack,
    config: {
      ...config,
      "aws:region": "us-east-1",
      "websocket-notifier:apiStack": `acme/${api}`,
    },
  };
}

function identities(resources: ResourceGraph["resources"] | { type: string; name: string }[]): string[] {
  return resources.map(({ type, name }) => `${type} ${name}`).sort();
}

const declared = [
  "aws:cloudwatch/logGroup:LogGroup notify",
  "aws:iam/role:Role notify",
  "aws:iam/rolePolicy:RolePolicy notify",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment push",
  "aws:lambda/function:Function notify",
];

describe("the notifier's program", () => {
  let graph: ResourceGraph;
  before(async () => {
    graph = await runWithMocks(notifier(), { stackOutputs: { [api]: outputs } });
  });

  it("declares a function with its role and its log, and no more", () => {
    assert.deepEqual(identities(graph.resources), declared);
    assert.deepEqual(graph.warnings, []);
  });

  it("reads the API's stack by the name that it is configured with, by default that of local mode", () => {
    const { config } = readStackConfig(folder, "dev");
    assert.equal(config["websocket-notifier:apiStack"], "organization/jwt-websocket-api/dev");
  });

  it("attaches the API's policy to its role, which may write one log besides", () => {
    const role = resource(graph, "aws:iam/role:Role", "notify");
    const { inputs: attachment } = resource(
      graph,
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "push",
    );
    assert.deepEqual(attachment, {
      role: role.outputs.name,
      policyArn: outputs.manageConnectionsPolicyArn,
    });
    assert.deepEqual(role.inputs.assumeRolePolicy.Statement, [
      {
        Sid: "AllowAssumeRole",
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      },
    ]);
    const log = resource(graph, "aws:cloudwatch/logGroup:LogGroup", "notify").outputs.arn;
    const { inputs: policy } = resource(graph, "aws:iam/rolePolicy:RolePolicy", "notify");
    assert.equal(policy.role, role.outputs.name);
    assert.deepEqual(JSON.parse(policy.policy).Statement, [
      { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${log}:*` },
    ]);
  });

  it("has its function wait for its rights, and know where to push", () => {
    const { inputs, dependencies } = resource(graph, "aws:lambda/function:Function", "notify");
    const { code, ...settings } = inputs;
    assert.deepEqual(Object.keys(code.files), ["index.mjs"]);
    assert.deepEqual(settings, {
      handler: "index.handler",
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      memorySize: 256,
      timeout: 10,
      role: resource(graph, "aws:iam/role:Role", "notify").outputs.arn,
      environment: { variables: { MANAGEMENT_ENDPOINT: outputs.managementEndpoint } },
      loggingConfig: {
        logFormat: "Text",
        logGroup: resource(graph, "aws:cloudwatch/logGroup:LogGroup", "notify").outputs.name,
      },
    });
    for (const [type, name] of [
      ["aws:iam/rolePolicy:RolePolicy", "notify"],
      ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "push"],
    ] as const)
      assert.ok(dependencies.includes(resource(graph, type, name).urn), name);
  });

  it("outputs how to invoke it", () => {
    const { name } = resource(graph, "aws:lambda/function:Function", "notify").outputs;
    assert.deepEqual(graph.outputs, {
      functionName: name,
      notifyCommand: `aws lambda invoke --region us-east-1 --function-name ${name} --cli-binary-format raw-in-base64-out --payload '{"connectionId":"ID","message":"hello"}' /dev/stdout`,
    });
  });

  for (const [output, property] of [
    ["managementEndpoint", "environment"],
    ["manageConnectionsPolicyArn", "policyArn"],
  ] as const)
    it(`stops at an API that has no ${output}`, async () => {
      const { [output]: _, ...others } = outputs;
      const message = `error serializing property "${property}": Required output '${output}' does not exist on stack 'acme/${api}'.`;
      await assert.rejects(runWithMocks(notifier(), { stackOutputs: { [api]: others } }), { message });
    });

  for (const preview of [false, true])
    it(`runs in \`pulumi ${preview ? "preview" : "up"}\``, async () => {
      const run = await runUnderHost(notifier(), { preview, stackOutputs: { [api]: outputs } });
      assert.deepEqual([run.exitCode, run.logs, run.stderr], [0, [], ""]);
      assert.deepEqual(identities([...run.resources]), declared);
      if (!preview) assert.deepEqual(run.outputs, graph.outputs);
    });
});

describe("the notifier beside the API", () => {
  let alter: Alter = (resource) => resource;
  let stack: TestStack;
  let socket: WebSocket;
  let connectionId: string;
  before(async () => {
    stack = await startTestStack({
      runProgram: (api, hosts) =>
        runPrograms([api, notifier()], (each, readStack) =>
          programGraph(each, { hosts, readStack, alter: (requested) => alter(requested) }),
        ),
    });
  });
  after(() => stack.close());
  beforeEach(async () => {
    alter = (resource) => resource;
    await stack.reload();
    socket = await open(stack.url, bearer(accessToken()));
    ({ connectionId } = JSON.parse(await ask(socket, whoami)));
  });
  afterEach(() => socket.terminate());

  const notify = (message: string) =>
    invoke(stack.port, { name: "notify", payload: JSON.stringify({ connectionId, message }) });
  const answered = (body: string) => ({ status: 200, errorType: null, functionError: null, body });

  it("pushes to the connection whose id whoami answers", async () => {
    const heard = once(socket, "message");
    assert.deepEqual(await notify("Grüße"), answered('{"delivered":true}'));
    assert.equal(String((await heard)[0]), "Grüße");
  });

  it("tells that a connection has ended", async () => {
    socket.close();
    await stack.untilEvent("closed", (event) => event.connectionId === connectionId);
    assert.deepEqual(await notify("too late"), answered('{"delivered":false}'));
  });

  it("may not push without the API's policy", async () => {
    alter = without("iam/rolePolicyAttachment:RolePolicyAttachment", "push");
    await stack.reload();
    const { functionError, body } = await notify("hello");
    assert.equal(functionError, "Unhandled");
    const { errorType, errorMessage } = JSON.parse(body);
    assert.equal(errorType, "AccessDeniedException");
    const name = (type: string) => resource(stack.graph, type, "notify").outputs.name;
    assert.equal(
      errorMessage,
      `User: arn:aws:sts::123456789012:assumed-role/${name("aws:iam/role:Role")}/${name("aws:lambda/function:Function")} is not authorized to perform: execute-api:ManageConnections on resource: arn:aws:execute-api:us-east-1:********9012:${stack.graph.outputs.apiId}/prod/POST/@connections/{connectionId}`,
    );
  });

  it("changes without a connection noticing", async () => {
    alter = changed("lambda/function:Function", "notify", (inputs) => ({
      ...inputs,
      code: { files: { "index.mjs": "export const handler = async () => 'new';" } },
    }));
    const { changes, closedConnections } = await stack.reload();
    assert.deepEqual(
      changes.resources.map(({ operation, resource: { name }, properties }) => [operation, name, properties]),
      [["update", "notify", ["code"]]],
    );
    assert.equal(closedConnections, 0);
    assert.deepEqual(await notify("hello"), answered('"new"'));
    assert.equal(JSON.parse(await ask(socket, whoami)).connectionId, connectionId);
  });
});
