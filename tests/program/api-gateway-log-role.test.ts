import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi";
import { describe, it } from "mocha";
import { dependencyClosure } from "../../local/graph/resource-graph.ts";
import { runWithMocks } from "../mocks/run-with-mocks.ts";
import { testStackConfig } from "../test-stack.ts";
import { programGraph, resource } from "./program-graph.ts";

const role = "aws:iam/role:Role";
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const account = "aws:apigateway/account:Account";

describe("apiGatewayLogRole manage", () => {
  it("sets a role for the account that stays when the stack goes, and keeps nothing else", async () => {
    const graph = await programGraph({ apiGatewayLogRole: "manage" });
    assert.deepEqual(
      graph.resources
        .filter(({ retainOnDelete }) => retainOnDelete)
        .map(({ type, name }) => [type, name])
        .sort(),
      [
        [account, "region"],
        [role, "api-gateway-logs"],
        [attachment, "api-gateway-logs"],
      ],
    );
    assert.deepEqual(resource(graph, account, "region").inputs, {
      cloudwatchRoleArn: resource(graph, role, "api-gateway-logs").outputs.arn,
    });
  });

  it("gives the role its rights before the account, and the account the role before the stage", async () => {
    const graph = await programGraph({ apiGatewayLogRole: "manage" });
    const { dependencies, urn } = resource(graph, account, "region");
    assert.ok(dependencies.includes(resource(graph, attachment, "api-gateway-logs").urn));
    const stage = resource(graph, "aws:apigatewayv2/stage:Stage", "websocket");
    assert.ok(dependencyClosure(graph, stage.urn).has(urn));
  });
});

describe("apiGatewayLogRole existing", () => {
  it("reads the account's role and owns nothing of it", async () => {
    const graph = await programGraph(
      { apiGatewayLogRole: "existing" },
      { apiGatewayLogRoleArn: "arn:aws:iam::123456789012:role/logs" },
    );
    assert.deepEqual(
      graph.resources.filter(({ read }) => read).map(({ type, name, id }) => [type, name, id]),
      [[account, "region", "123456789012"]],
    );
    const { inputs } = resource(graph, "aws:apigatewayv2/stage:Stage", "websocket");
    assert.equal(inputs.defaultRouteSettings.loggingLevel, "ERROR");
    assert.notEqual(inputs.accessLogSettings, undefined);
  });

  it("stops in an account without a role, before anything is created", async () => {
    const requested: string[][] = [];
    const run = runWithMocks(testStackConfig({ jwks: "runtime", apiGatewayLogRole: "existing" }), {
      alter: (one) => {
        requested.push([one.type, one.name]);
        return one;
      },
    });
    const message =
      'apiGatewayLogRole is "existing", but this account has no API Gateway log role in this region. ' +
      "Let this stack create it: npx pulumi config set apiGatewayLogRole manage; " +
      "set one yourself: aws apigateway update-account --patch-operations op=replace,path=/cloudwatchRoleArn,value=<role ARN>; " +
      "or do without API Gateway logs: npx pulumi config set apiGatewayLogRole off";
    await assert.rejects(run, (error) => RunError.isInstance(error) && error.message === message);
    assert.deepEqual(requested, [[account, "region"]]);
  });
});
