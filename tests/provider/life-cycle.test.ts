import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, it } from "mocha";
import type { Properties } from "../../local/graph/resource-graph.ts";
import { unknownValue, writtenArchive } from "../../local/protocol/property-values.ts";
import { type StoredResource, TestProvider } from "./test-provider.ts";

const assumeRolePolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "logs:PutLogEvents", Resource: "*" }],
});

describe("the provider's resources", () => {
  let provider: TestProvider;
  beforeEach(() => {
    provider = new TestProvider({ folder: fileURLToPath(new URL(".", import.meta.url)) });
  });

  const present = () => provider.account.graph().resources;
  const api = (more: Properties = {}) =>
    provider.create("apigatewayv2/api:Api", "api", {
      protocolType: "WEBSOCKET",
      routeSelectionExpression: "$request.body.action",
      ...more,
    });
  const role = (more: Properties = {}) =>
    provider.create("iam/role:Role", "role", { assumeRolePolicy, ...more });
  const lambda = async (more: Properties = {}) =>
    provider.create("lambda/function:Function", "f", {
      role: more.role ?? (await role({ name: "of-f" })).outputs.arn,
      code: writtenArchive({ assets: {} }),
      handler: "index.handler",
      runtime: "nodejs24.x",
      ...more,
    });

  it("come into being with what AWS chooses for them, each time anew", async () => {
    const [one, other] = [await api({ name: "chat" }), await api({ name: "chat" })];
    assert.notEqual(one.id, other.id);
    assert.equal(one.outputs.apiEndpoint, `wss://${one.id}.execute-api.us-east-1.amazonaws.com`);
    assert.deepEqual(
      present().map(({ id }) => id),
      [one.id, other.id],
    );
    // The engine creates a replacement before it deletes what that replaces.
    assert.deepEqual(provider.changes, [
      "create apigatewayv2/api:Api api",
      "replace apigatewayv2/api:Api api",
    ]);
  });

  it("are only told of in a preview: what AWS chooses is unknown, and so is what derives from that", async () => {
    const { id, properties } = await provider.previewCreation("apigatewayv2/api:Api", "api", {
      protocolType: "WEBSOCKET",
      name: "chat",
    });
    assert.deepEqual([id, properties.name, properties.apiEndpoint], ["", "chat", unknownValue]);
    const named = await provider.previewCreation("iam/role:Role", "role", { assumeRolePolicy, name: "r" });
    assert.equal(named.properties.arn, "arn:aws:iam::123456789012:role/r");
    const inside = await provider.previewCreation("apigatewayv2/stage:Stage", "s", {
      apiId: unknownValue,
      name: "prod",
    });
    assert.deepEqual([inside.properties.name, inside.properties.invokeUrl], ["prod", unknownValue]);
    assert.deepEqual([present(), provider.changes], [[], []]);
  });

  it("keep their secrets, and have a secret where AWS makes one", async () => {
    const options = { secretPaths: ["environment.variables.KEY"] };
    const { secretPaths } = await provider.previewCreation(
      "lambda/function:Function",
      "f",
      { environment: { variables: { KEY: "open sesame" } } },
      options,
    );
    assert.deepEqual(secretPaths, ["environment"]);
  });

  it("change in place, and keep what AWS has chosen", async () => {
    const created = await api({ name: "chat" });
    const updated = await provider.update(created, {
      protocolType: "WEBSOCKET",
      routeSelectionExpression: "$request.body.kind",
      name: "talk",
    });
    assert.deepEqual(
      [updated.outputs.name, updated.outputs.apiEndpoint],
      ["talk", created.outputs.apiEndpoint],
    );
    assert.deepEqual(
      present().map(({ inputs }) => inputs.name),
      ["talk"],
    );
    assert.deepEqual(
      provider.changes.at(-1),
      "update apigatewayv2/api:Api api name routeSelectionExpression",
    );
  });

  it("are not there to change after local mode was started again", async () => {
    const created = await api();
    const again = new TestProvider();
    await assert.rejects(again.update(created, { protocolType: "WEBSOCKET" }), {
      message: `NotFoundException: aws:apigatewayv2/api:Api ${created.id} does not exist (run pulumi refresh, then pulumi up: local mode starts with an empty account)`,
    });
    await again.delete(created);
  });

  it("read packages from where the program runs", async () => {
    const created = await lambda({ code: writtenArchive({ path: "..", hash: "h" }) });
    const files = Object.keys(present().find(({ id }) => id === created.id)?.inputs.code.files);
    assert.ok(files.includes("provider/life-cycle.test.ts"));
    assert.deepEqual(created.outputs.code, writtenArchive({ path: "..", hash: "h" }));
    await assert.rejects(lambda({ role: created.inputs.role, code: writtenArchive({ path: "./nowhere" }) }), {
      message: /^aws:lambda\/function:Function "f": code: .\/nowhere cannot be read: /,
    });
  });

  it("of a type that nobody has emulated have an id, an ARN and their inputs, and are warned of", async () => {
    const table = await provider.create("dynamodb/table:Table", "table", { name: "t", hashKey: "id" });
    assert.deepEqual(table.outputs, {
      name: "t",
      hashKey: "id",
      arn: "arn:aws:dynamodb:us-east-1:123456789012:Table/t",
    });
    assert.deepEqual(provider.warnings, [
      'aws:dynamodb/table:Table "table" is not emulated: it has an id, an ARN and its inputs, and does nothing',
    ]);
    await provider.update(table, { name: "t", hashKey: "key" });
    await provider.delete(table);
    assert.deepEqual(present(), []);
  });

  describe("are refused in AWS's words", () => {
    const refused = (creation: Promise<StoredResource>, message: string) =>
      assert.rejects(creation, { message });

    it("where something that they name is not there", () =>
      refused(
        provider.create("lambda/permission:Permission", "p", {
          function: "nobody",
          action: "lambda:InvokeFunction",
          principal: "apigateway.amazonaws.com",
        }),
        'function is "nobody": ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody',
      ));

    it("where their name is taken by what was made through the API of a user pool", async () => {
      const { id: userPoolId } = await provider.create("cognito/userPool:UserPool", "users", {});
      const pool = provider.pools.pools.require(userPoolId);
      pool.putGroup({ name: "g" });
      pool.addUser({ username: "carol", password: "x", status: "CONFIRMED", attributes: new Map() });
      await refused(
        provider.create("cognito/userGroup:UserGroup", "g", { userPoolId, name: "g" }),
        "GroupExistsException: A group with the name already exists.",
      );
      await refused(
        provider.create("cognito/user:User", "carol", { userPoolId, username: "carol" }),
        "UsernameExistsException: User account already exists",
      );
      // Demo users give way.
      await provider.create("cognito/user:User", "alice", { userPoolId, username: "alice" });
    });

    it("where their name is taken", async () => {
      await lambda({ name: "f" });
      await refused(role({ name: "of-f" }), "EntityAlreadyExists: Role with name of-f already exists.");
      await refused(
        provider.create("lambda/function:Function", "other", {
          name: "f",
          role: "arn:aws:iam::123456789012:role/of-f",
          code: writtenArchive({ assets: {} }),
          handler: "index.handler",
          runtime: "nodejs24.x",
        }),
        "ResourceConflictException: Function already exist: f",
      );
      const { id: apiId } = await api();
      await provider.create("apigatewayv2/stage:Stage", "s", { apiId, name: "prod", autoDeploy: true });
      await refused(
        provider.create("apigatewayv2/stage:Stage", "t", { apiId, name: "prod", autoDeploy: true }),
        'name is "prod": ConflictException: Stage already exists',
      );
      await provider.create("cloudwatch/logGroup:LogGroup", "l", { name: "logs" });
      await refused(
        provider.create("cloudwatch/logGroup:LogGroup", "m", { name: "logs" }),
        "ResourceAlreadyExistsException: The specified log group already exists",
      );
    });

    it("also when they are to replace what has the name, until that is gone", async () => {
      const { id: apiId } = await api();
      const inputs = { apiId, routeKey: "join", authorizationType: "NONE" };
      const old = await provider.create("apigatewayv2/route:Route", "join", inputs);
      await refused(
        provider.create("apigatewayv2/route:Route", "join", inputs),
        'routeKey is "join": ConflictException: Route with key join already exists for this API',
      );
      await provider.delete(old);
      await provider.create("apigatewayv2/route:Route", "join", inputs);
    });
  });

  it("may have one name in two places", async () => {
    const group = { name: "logs" };
    await provider.create("cloudwatch/logGroup:LogGroup", "l", group);
    await provider.create("cloudwatch/logGroup:LogGroup", "m", { ...group, region: "eu-west-1" });
    const { id: apiId } = await api();
    const { id: otherId } = await api();
    const stages = await Promise.all(
      [apiId, otherId].map((id) =>
        provider.create("apigatewayv2/stage:Stage", "s", { apiId: id, name: "prod", autoDeploy: true }),
      ),
    );
    if (stages[0]) await provider.delete(stages[0]);
    assert.deepEqual(
      present().flatMap(({ type, inputs }) =>
        type === "aws:apigatewayv2/stage:Stage" ? [inputs.apiId] : [],
      ),
      [otherId],
    );
  });

  describe("are kept in AWS's words", () => {
    const kept = (deletion: Promise<void>, message: string) => assert.rejects(deletion, { message });

    it("while something needs them", async () => {
      const created = await role({ name: "r" });
      const named = await provider.create("iam/policy:Policy", "p", { name: "p", policy });
      const attachment = await provider.create("iam/rolePolicyAttachment:RolePolicyAttachment", "a", {
        role: created.id,
        policyArn: named.id,
      });
      await kept(provider.delete(named), "DeleteConflict: Cannot delete a policy attached to entities.");
      await kept(
        provider.delete(created),
        "DeleteConflict: Cannot delete entity, must detach all policies first.",
      );
      await provider.delete(attachment);
      const inline = await provider.create("iam/rolePolicy:RolePolicy", "i", { role: created.id, policy });
      await kept(
        provider.delete(created),
        "DeleteConflict: Cannot delete entity, must delete policies first.",
      );
      for (const each of [inline, created, named]) await provider.delete(each);
      assert.deepEqual(present(), []);
    });

    it("while a route or a stage points to them", async () => {
      const { id: apiId } = await api();
      const integration = await provider.create("apigatewayv2/integration:Integration", "i", {
        apiId,
        integrationType: "MOCK",
      });
      const route = await provider.create("apigatewayv2/route:Route", "join", {
        apiId,
        routeKey: "join",
        authorizationType: "NONE",
        target: `integrations/${integration.id}`,
      });
      await kept(
        provider.delete(integration),
        `ConflictException: Cannot delete Integration because it is referenced by the following Routes with Ids: [${route.id}]`,
      );
      const deployment = await provider.create("apigatewayv2/deployment:Deployment", "d", { apiId });
      const stage = await provider.create("apigatewayv2/stage:Stage", "s", {
        apiId,
        name: "prod",
        deploymentId: deployment.id,
      });
      await kept(
        provider.delete(deployment),
        "BadRequestException: Active stages pointing to this deployment must be moved or deleted",
      );
      await provider.delete(stage);
      await provider.delete(deployment);
    });
  });

  it("take with them what is inside them", async () => {
    const created = await api();
    await provider.create("apigatewayv2/route:Route", "join", {
      apiId: created.id,
      routeKey: "join",
      authorizationType: "NONE",
    });
    await provider.delete(created);
    assert.deepEqual(present(), []);
    // The engine deletes each of them all the same.
    await provider.delete(created);
  });
});
