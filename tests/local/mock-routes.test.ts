import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readStackConfig } from "../../local/program/stack-config.ts";
import { type LocalStack, startLocalStack } from "../../local/stack/local-stack.ts";
import { withProject } from "../engine/temporary-project.ts";
import { runProgram } from "../run-program.ts";
import { ask, open } from "../test-stack.ts";

/** An API that answers by itself: no function, no role, no user pool. */
const program = `
  import * as aws from "@pulumi/aws";
  import * as pulumi from "@pulumi/pulumi";
  const { id: apiId } = new aws.apigatewayv2.Api("clock", {
    protocolType: "WEBSOCKET",
    routeSelectionExpression: "$request.body.action",
  });
  const routes = Object.entries({
    connect: ["$connect", '{"statusCode": 200}'],
    disconnect: ["$disconnect", '{"statusCode": 200}'],
    ping: ["ping", '{"statusCode": $input.json("$.status")}'],
  }).flatMap(([name, [routeKey, template]]) => {
    const integration = new aws.apigatewayv2.Integration(name, {
      apiId,
      integrationType: "MOCK",
      templateSelectionExpression: "200",
      requestTemplates: { 200: template },
    });
    const route = new aws.apigatewayv2.Route(name, {
      apiId,
      routeKey,
      authorizationType: "NONE",
      target: pulumi.interpolate\`integrations/\${integration.id}\`,
      ...(name === "ping" && { routeResponseSelectionExpression: "$default" }),
    });
    if (name !== "ping") return [route];
    const answers = Object.entries({ "/2\\\\d\\\\d/": "pong to $context.connectionId", $default: "no pong" });
    return [
      route,
      new aws.apigatewayv2.RouteResponse(name, { apiId, routeId: route.id, routeResponseKey: "$default" }),
      ...answers.map(([integrationResponseKey, $default]) =>
        new aws.apigatewayv2.IntegrationResponse("pong " + integrationResponseKey, {
          apiId,
          integrationId: integration.id,
          integrationResponseKey,
          templateSelectionExpression: "\\\\$default",
          responseTemplates: { $default },
        }),
      ),
    ];
  });
  const deployment = new aws.apigatewayv2.Deployment("clock", { apiId, triggers: { routes: "1" } }, { dependsOn: routes });
  new aws.apigatewayv2.Stage("clock", {
    apiId,
    name: "v1",
    deploymentId: deployment.id,
    defaultRouteSettings: { throttlingRateLimit: 100, throttlingBurstLimit: 100 },
  });`;

/** Serves the program with one text in place of another. */
function withProgram(from: string, to: string, use: (stack: LocalStack) => Promise<void>): Promise<void> {
  const files = {
    "Pulumi.yaml": "name: clock\nruntime: { name: nodejs, options: { typescript: false } }\n",
    "package.json": '{ "type": "module", "main": "index.ts" }',
    "Pulumi.test.yaml": "config:\n  aws:region: us-east-1\n",
    "index.ts": program.replace(from, to),
  };
  return withProject(files, async (folder) => {
    const stack = await startLocalStack(() => readStackConfig(folder, "test"), {
      runProgram: (stackConfig, hosts) => runProgram(stackConfig, { hosts }),
      port: 0,
      userPoolPort: 0,
    });
    await use(stack).finally(() => stack.close());
  });
}

describe("a program whose routes are mocks", () => {
  it("is served without a function", () =>
    withProgram("", "", async (stack) => {
      assert.deepEqual(stack.graph.warnings, []);
      const socket = await open(`ws://127.0.0.1:${stack.port}/v1`);
      assert.match(await ask(socket, '{"action":"ping","status":204}'), /^pong to [\w-]{15}=$/);
      assert.equal(await ask(socket, '{"action":"ping","status":500}'), "no pong");
      socket.terminate();
    }));

  it("refuses connections that its $connect answers otherwise", () =>
    withProgram(
      '["$connect", \'{"statusCode": 200}\']',
      '["$connect", \'{"statusCode": 403}\']',
      async (stack) => {
        await assert.rejects(open(`ws://127.0.0.1:${stack.port}/v1`), { message: "status 403" });
      },
    ));

  it("does not start where a template says more than is emulated", async () => {
    const start = withProgram("no pong", "#if($context.stage) no pong #end", () => assert.fail("it started"));
    await assert.rejects(start, (error: Error) =>
      error.message.startsWith(
        'integration response "pong $default": #if in a mapping template is not emulated locally, ',
      ),
    );
  });

  it("does not start where $connect wants IAM", async () => {
    const start = withProgram(
      'authorizationType: "NONE"',
      'authorizationType: name === "connect" ? "AWS_IAM" : "NONE"',
      () => assert.fail("it started"),
    );
    await assert.rejects(start, {
      message:
        'route "connect": authorizationType AWS_IAM is not emulated locally, only NONE and CUSTOM: give the route one of these when you run locally',
    });
  });
});
