import assert from "node:assert/strict";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { after, before, describe, it } from "mocha";
import { ask, bearer, handshakeStatus, open } from "../test-stack.ts";
import { accessToken, clientId, otherClientId, userPoolId } from "../token-factory.ts";
import { PulumiStack } from "./pulumi-stack.ts";
import { ServedEngine } from "./served-engine.ts";

const program = fileURLToPath(new URL("../..", import.meta.url));
const notifier = fileURLToPath(new URL("../../examples/notifier", import.meta.url));

describe("this project's program, deployed by a Pulumi CLI into local mode", function () {
  this.timeout(120_000);
  let engine: ServedEngine;
  let stack: PulumiStack;
  let created = 0;
  before(async function () {
    engine = await ServedEngine.start(this);
    stack = await PulumiStack.create(engine.backend, {
      program,
      config: {
        "aws:region": "us-east-1",
        userPoolId,
        userPoolClientIds: [clientId, otherClientId],
        apiGatewayLogRole: "existing",
      },
    });
  });
  after(() => engine?.close());

  it("is previewed without a change", async () => {
    const { exitCode, counts, messages } = await stack.preview();
    assert.deepEqual([exitCode, messages], [0, []]);
    created = counts.create ?? 0;
    assert.ok(created > 60);
    assert.deepEqual([engine.resources, engine.lines], [[], []]);
  });

  it("is served as it was previewed: who has a token connects and is answered", async () => {
    const { exitCode, counts, messages } = await stack.up();
    assert.deepEqual([exitCode, counts, messages], [0, { create: created }, []]);
    const socket = await open(engine.url("prod"), bearer(accessToken()));
    const { username } = JSON.parse(await ask(socket, '{"action":"whoami"}'));
    assert.equal(typeof username, "string");
    socket.terminate();
    assert.equal(await handshakeStatus(engine.url("prod"), bearer("no token")), 401);
    assert.ok(engine.lines.some((line) => /^\+ +lambda\.Function +whoami$/.test(line)));
  });

  it("leaves a second up and a refresh nothing to do", async () => {
    const again = await stack.up("--expect-no-changes");
    // The account's log role has another owner: the program only reads it.
    const steps = again.operations.map(({ op, name }) => `${op} ${name}`);
    assert.deepEqual([again.exitCode, steps], [0, ["read region"]]);
    const refreshed = await stack.refresh("--expect-no-changes");
    assert.deepEqual([refreshed.exitCode, refreshed.operations], [0, []]);
  });

  it("serves another stack, which reads its outputs", async () => {
    const other = await PulumiStack.create(engine.backend, {
      program: notifier,
      config: { "aws:region": "us-east-1", apiStack: `organization/jwt-websocket-api/${stack.name}` },
    });
    const { exitCode, counts } = await other.up();
    assert.deepEqual([exitCode, counts], [0, { create: 6 }]);
    const { managementEndpoint } = await stack.outputs();
    const notify = engine.mode.stack.graph.resources.find(
      ({ type, name }) => type === "aws:lambda/function:Function" && name === "notify",
    );
    assert.equal(notify?.inputs.environment.variables.MANAGEMENT_ENDPOINT, managementEndpoint);
    const function_ = notify?.outputs.arn ?? "";
    const { payload } = (await engine.mode.stack.lambda.invoke(function_, {
      connectionId: "VH9Co44GcnECG1Q=",
      message: "hello",
    })) as { payload: unknown };
    assert.deepEqual(payload, { delivered: false });
    assert.equal((await other.destroy()).exitCode, 0);
  });

  it("ends its connections when it is destroyed, and is gone", async () => {
    const socket = await open(engine.url("prod"), bearer(accessToken()));
    const closed = once(socket, "close");
    assert.equal((await stack.destroy()).exitCode, 0);
    const [code] = await closed;
    assert.equal(code, 1001);
    assert.deepEqual(engine.resources, []);
  });
});
