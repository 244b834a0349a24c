import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { describe, it } from "mocha";
import { deployedApis } from "../../local/gateway/deployed-api.ts";
import { readStackConfig } from "../../local/program/stack-config.ts";
import { start } from "../local/program-run.ts";
import { runProgram } from "../run-program.ts";

const program = fileURLToPath(new URL("broken", import.meta.url));

const throttles =
  "both throttles must be set and positive: unset, the provider sends 0, and every connection is refused with 429";

/** Each stack's mistake, with all that is said of it. */
const mistakes = {
  "zero-throttle": `aws:apigatewayv2/stage:Stage "live": defaultRouteSettings.throttlingRateLimit is 0: ${throttles}`,
  "no-throttle": `aws:apigatewayv2/stage:Stage "live": defaultRouteSettings.throttlingRateLimit is not set: ${throttles}`,
  "route-authorizer":
    'aws:apigatewayv2/route:Route "say": authorizationType is "CUSTOM": BadRequestException: Currently, authorization is restricted to the $connect route only',
  "authorizer-cache":
    'aws:apigatewayv2/authorizer:Authorizer "users": authorizerResultTtlInSeconds is 300: BadRequestException: AuthorizerResultTtlInSeconds cannot be set for WEBSOCKET protocol Apis',
  "jwt-authorizer":
    'aws:apigatewayv2/authorizer:Authorizer "users": authorizerType is "JWT": BadRequestException: Only REQUEST authorizer type is supported on WEBSOCKET protocol Apis.',
  "two-stages":
    'aws:apigatewayv2/stage:Stage "live-again": name is "live": ConflictException: Stage already exists',
  "two-routes":
    'aws:apigatewayv2/route:Route "say-again": routeKey is "say": ConflictException: Route with key say already exists for this API',
  "mock-template":
    "integration \"answer\": #foreach in a mapping template is not emulated locally, only static text, $input.body, $input.json('<path>'), $input.path('<path>'), $context.<name>, $stageVariables.<name> and $util.escapeJavaScript(<one of these>): write it with these, or leave it out when you run locally",
};

async function graphOf(stack: string) {
  return runProgram(readStackConfig(program, stack));
}

describe("a program with a mistake", () => {
  for (const [stack, message] of Object.entries(mistakes))
    it(`is refused for ${stack}, with the resource, the property and its value`, async () => {
      await assert.rejects(async () => deployedApis(await graphOf(stack)), { message });
    });

  it("is told that it lacks a permission, and what cannot be called", async () => {
    const { warnings, resources } = await graphOf("permission");
    const find = (type: string, name: string) =>
      resources.find((resource) => resource.type === `aws:${type}` && resource.name === name) ??
      assert.fail();
    const { arn, invokeArn } = find("lambda/function:Function", "chat").outputs;
    const { executionArn } = find("apigatewayv2/api:Api", "chat").outputs;
    const missing = (source: string) =>
      `no Lambda permission lets API Gateway call ${arn} for ${executionArn}/${source}`;
    assert.deepEqual(warnings.toSorted(), [
      `aws:apigatewayv2/authorizer:Authorizer "users": authorizerUri is "${invokeArn}": ${missing(`authorizers/${find("apigatewayv2/authorizer:Authorizer", "users").id}`)}`,
      `aws:apigatewayv2/route:Route "say": target is "${find("apigatewayv2/route:Route", "say").inputs.target}": ${missing("live/say")}`,
    ]);
  });

  it("ends npm start with the message alone: of AWS, of a missing setting, of a type that is not emulated", async () => {
    const [refused, unset, bucket] = await Promise.all(
      ["zero-throttle", "setting", "bucket"].map(
        (stack) =>
          start("--program", program, "--stack", stack, "--port", "0", "--user-pool-port", "0").ended,
      ),
    );
    const ending = (stderr: string) => ({ exitCode: 1, signal: null, stdout: "", stderr: `${stderr}\n` });
    assert.deepEqual(refused, ending(mistakes["zero-throttle"]));
    assert.deepEqual(unset, ending("mistake is not set: npx pulumi config set mistake zero-throttle"));
    const [advice, known] = bucket?.stderr.split(" Emulated are ") ?? [];
    assert.equal(
      advice,
      'aws:s3/bucket:Bucket "uploads" is not emulated locally: leave it out of the stack that you run locally, like if (pulumi.getStack() !== "bucket") …, or add it to local/resources/.',
    );
    assert.match(known ?? "", /^(aws:[a-z0-9]+\/\w+:\w+(, |\n$))+$/);
    assert.equal(bucket?.exitCode, 1);
  });
});
