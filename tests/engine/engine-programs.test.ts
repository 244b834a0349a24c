import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as aws from "@pulumi/aws";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { after, before, describe, it } from "mocha";
import type { WebSocket } from "ws";
import { ask, open } from "../test-stack.ts";
import { PulumiStack, type Update } from "./pulumi-stack.ts";
import { ServedEngine } from "./served-engine.ts";

const answering = (text: string) =>
  `exports.handler = async () => ({ statusCode: 200, body: ${JSON.stringify(text)} });\n`;

/** An API whose every message is answered by the code in `app`, with what real programs have besides. */
const program = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
  type === "aws:lambda/function:Function" ? { props: { ...props, tags: { team: "chat" } }, opts } : undefined,
);
const config = new pulumi.Config();
const role = new aws.iam.Role("r", {
  name: config.require("roleName"),
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
});
const answer = new aws.lambda.Function("answer", {
  runtime: "nodejs24.x",
  handler: "index.handler",
  role: role.arn,
  timeout: config.getNumber("timeout"),
  code: new pulumi.asset.FileArchive("./app"),
});
const api = new aws.apigatewayv2.Api("a", {
  protocolType: "WEBSOCKET",
  routeSelectionExpression: "$request.body.action",
});
new aws.lambda.Permission("p", {
  action: "lambda:InvokeFunction",
  function: answer.name,
  principal: "apigateway.amazonaws.com",
  sourceArn: pulumi.interpolate\`\${api.executionArn}/*\`,
});
const integration = new aws.apigatewayv2.Integration("i", {
  apiId: api.id,
  integrationType: "AWS_PROXY",
  integrationMethod: "POST",
  integrationUri: answer.invokeArn,
});
const route = new aws.apigatewayv2.Route("default", {
  apiId: api.id,
  routeKey: "$default",
  authorizationType: "NONE",
  routeResponseSelectionExpression: "$default",
  target: pulumi.interpolate\`integrations/\${integration.id}\`,
});
new aws.apigatewayv2.RouteResponse("default", { apiId: api.id, routeId: route.id, routeResponseKey: "$default" });
new aws.apigatewayv2.Stage("s", { apiId: api.id, name: config.require("stageName"), autoDeploy: true });
const far = new aws.Provider("far", { region: "eu-west-1", allowedAccountIds: ["210987654321"] });
export const farArn = new aws.cloudwatch.LogGroup("far", { name: pulumi.getStack() }, { provider: far }).arn;
`;

const policyPack = `
import { PolicyPack } from "@pulumi/policy";

new PolicyPack("arns", {
  policies: [
    {
      name: "functions",
      description: "Functions are listed.",
      enforcementLevel: "advisory",
      validateStack({ resources }, report) {
        for (const { type, props } of resources) if (type === "aws:lambda/function:Function") report(props.arn);
      },
    },
  ],
});
`;

const files: Readonly<Record<string, string>> = {
  "Pulumi.yaml": "name: small\nruntime:\n  name: nodejs\n  options: { typescript: false }\n",
  "package.json": '{ "type": "module", "main": "index.ts" }',
  "index.ts": program,
  "app/package.json": "{}",
  "app/index.js": answering("one"),
  "policies/PulumiPolicy.yaml":
    "runtime:\n  name: nodejs\n  options: { typescript: false }\nmain: index.ts\n",
  "policies/package.json": '{ "name": "arns", "version": "1.0.0", "type": "module", "main": "index.ts" }',
  "policies/index.ts": policyPack,
};

function errors({ messages }: Update): string[] {
  return messages.filter(({ severity }) => severity === "error").map(({ text }) => text);
}

describe("programs that a Pulumi CLI deploys into local mode", function () {
  this.timeout(120_000);
  let folder: string;
  let engine: ServedEngine;
  let stack: PulumiStack;
  let other: PulumiStack;
  let socket: WebSocket;
  before(async function () {
    engine = await ServedEngine.start(this);
    folder = realpathSync(mkdtempSync(join(tmpdir(), "engine-program-")));
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    symlinkSync(new URL("../../node_modules", import.meta.url), join(folder, "node_modules"), "dir");
    const config = { "aws:region": "us-east-1", roleName: "fixed" };
    stack = await PulumiStack.create(engine.backend, {
      program: folder,
      config: { ...config, stageName: "one" },
    });
    other = await PulumiStack.create(engine.backend, {
      program: folder,
      name: "other",
      config: { ...config, stageName: "two" },
    });
  });
  after(async () => {
    socket?.terminate();
    await engine?.close();
    if (folder) rmSync(folder, { recursive: true });
  });

  const resourceNamed = (name: string, type: string) =>
    engine.mode.stack.graph.resources.find((each) => each.name === name && each.type === type);

  it("are refused in the preview, where their own values show that AWS would refuse them", async () => {
    stack.setConfig({ timeout: 901 });
    const preview = await stack.preview();
    assert.equal(preview.exitCode, 1);
    assert.equal(errors(preview).length, 1);
    assert.match(errors(preview)[0] ?? "", /has a problem: timeout is 901: ValidationException: /);
    stack.setConfig({ timeout: 5 });
  });

  it("are served with their transforms, in the regions and accounts of their providers", async () => {
    assert.equal((await stack.up()).exitCode, 0);
    socket = await open(engine.url("one"));
    assert.equal(await ask(socket, "{}"), "one");
    assert.deepEqual(resourceNamed("answer", "aws:lambda/function:Function")?.inputs.tags, { team: "chat" });
    assert.deepEqual(await stack.outputs(), {
      farArn: "arn:aws:logs:eu-west-1:210987654321:log-group:test",
    });
  });

  it("answer in new code on an open connection", async () => {
    writeFileSync(join(folder, "app/index.js"), answering("two"));
    const { operations } = await stack.up();
    assert.deepEqual(
      operations.map(({ op, name, diffs }) => `${op} ${name} ${diffs}`),
      ["update answer code"],
    );
    assert.equal(await ask(socket, "{}"), "two");
  });

  it("fail with AWS's words where a name is taken, and are finished by the next up", async () => {
    const failed = await other.up();
    assert.equal(failed.exitCode, 1);
    assert.match(errors(failed).join("\n"), /EntityAlreadyExists: Role with name fixed already exists\./);
    other.setConfig({ roleName: "free" });
    assert.equal((await other.up()).exitCode, 0);
    const socketOfOther = await open(engine.url("two"));
    assert.equal(await ask(socketOfOther, "{}"), "two");
    socketOfOther.terminate();
  });

  it("show a policy pack what AWS has chosen", async () => {
    const { violations } = await stack.preview("--policy-pack", join(folder, "policies"));
    const arn = resourceNamed("answer", "aws:lambda/function:Function")?.outputs.arn;
    assert.deepEqual(
      violations.map(({ text }) => text),
      [`Functions are listed.\n${arn}`],
    );
  });

  it("may be run by Pulumi's Automation API", async () => {
    const inline = async () => ({ arn: new aws.cloudwatch.LogGroup("inline", { name: "inline" }).arn });
    const workspace = await LocalWorkspace.createOrSelectStack(
      { projectName: "inline", stackName: "test", program: inline },
      await engine.backend.workspaceOptions(),
    );
    await workspace.setConfig("aws:region", { value: "eu-north-1" });
    const { outputs } = await workspace.up();
    assert.equal(outputs.arn?.value, "arn:aws:logs:eu-north-1:123456789012:log-group:inline");
    await workspace.destroy();
    assert.equal(engine.resources.includes("cloudwatch/logGroup:LogGroup inline"), false);
  });

  it("are found gone by a refresh where the account has lost them, and made anew by the next up", async () => {
    const { account } = engine.mode;
    const lost = resourceNamed("far", "aws:cloudwatch/logGroup:LogGroup") ?? assert.fail("no log group");
    const held = account.find(lost, lost.account ?? account.home) ?? assert.fail("not in the account");
    account.remove(held);
    const refreshed = await stack.refresh();
    assert.deepEqual(
      refreshed.operations.map(({ op, name }) => `${op} ${name}`),
      ["delete far"],
    );
    assert.deepEqual((await stack.up()).counts.create, 1);
  });

  it("end the connections of a stage that they give up", async () => {
    const closed = once(socket, "close");
    assert.equal((await stack.destroy()).exitCode, 0);
    assert.equal((await closed)[0], 1001);
  });
});
