import assert from "node:assert/strict";
import { beforeEach, describe, it } from "mocha";
import { home, TestProvider } from "./test-provider.ts";

const logGroup = "cloudwatch/logGroup:LogGroup";
const settings = "apigateway/account:Account";

describe("the provider's read", () => {
  let provider: TestProvider;
  beforeEach(() => {
    provider = new TestProvider();
  });

  it("answers with a resource as it is, and with nothing for one that is gone", async () => {
    const created = await provider.create(logGroup, "l", { name: "logs" });
    const { id, inputs, outputs } = await provider.read(logGroup, "l", created.id, created.inputs);
    assert.deepEqual(
      { id, inputs, outputs },
      { id: "logs", inputs: created.inputs, outputs: created.outputs },
    );
    await provider.delete(created);
    assert.deepEqual(await provider.read(logGroup, "l", created.id, created.inputs), {
      id: "",
      inputs: {},
      outputs: {},
    });
  });

  it("finds what another stack has created, by its import id", async () => {
    const { id: apiId } = await provider.create("apigatewayv2/api:Api", "api", {
      protocolType: "WEBSOCKET",
      routeSelectionExpression: "$request.body.action",
    });
    await provider.create("apigatewayv2/stage:Stage", "s", { apiId, name: "prod", autoDeploy: true });
    const { id, inputs } = await provider.read("apigatewayv2/stage:Stage", "s", `${apiId}/prod`);
    assert.deepEqual([id, inputs.apiId, inputs.autoDeploy], ["prod", apiId, true]);
  });

  it("takes it that somebody else has made what a program only reads", async () => {
    const { id, outputs } = await provider.read(
      "acm/certificate:Certificate",
      "c",
      "arn:aws:acm:us-east-1:1:certificate/x",
    );
    assert.deepEqual(
      [id, outputs.arn],
      ["arn:aws:acm:us-east-1:1:certificate/x", "arn:aws:acm:us-east-1:1:certificate/x"],
    );
  });

  it("knows the role that API Gateway logs through, until a stack takes it away", async () => {
    const role = async () =>
      (await provider.read(settings, "region", home.accountId)).outputs.cloudwatchRoleArn;
    assert.equal(await role(), home.apiGatewayLogRoleArn);
    const owned = await provider.create(settings, "region", { cloudwatchRoleArn: "arn:aws:iam::1:role/own" });
    assert.equal(await role(), "arn:aws:iam::1:role/own");
    await provider.delete(owned);
    assert.equal(await role(), "");
  });

  it("finds what the API of a user pool has changed and deleted, which an update repairs", async () => {
    const { id: userPoolId } = await provider.create("cognito/userPool:UserPool", "users", {});
    const pool = provider.pools.pools.require(userPoolId);
    const app = { userPoolId, name: "app", explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"] };
    const client = await provider.create("cognito/userPoolClient:UserPoolClient", "app", app);
    const group = await provider.create("cognito/userGroup:UserGroup", "g", { userPoolId, name: "g" });
    const settings = pool.findClient(client.id)?.settings ?? assert.fail();
    pool.putClient({
      clientId: client.id,
      settings: { ...settings, ExplicitAuthFlows: ["ALLOW_CUSTOM_AUTH"] },
    });
    pool.deleteGroup("g");
    const { inputs } = await provider.read(
      "cognito/userPoolClient:UserPoolClient",
      "app",
      client.id,
      client.inputs,
    );
    assert.deepEqual(inputs.explicitAuthFlows, ["ALLOW_CUSTOM_AUTH"]);
    assert.equal((await provider.read("cognito/userGroup:UserGroup", "g", group.id, group.inputs)).id, "");
    await provider.update({ ...client, inputs }, app);
    assert.deepEqual(pool.findClient(client.id)?.settings.ExplicitAuthFlows, app.explicitAuthFlows);
    await provider.create("cognito/userGroup:UserGroup", "g", { userPoolId, name: "g" });
    assert.equal(pool.groups.length, 1);
  });
});
