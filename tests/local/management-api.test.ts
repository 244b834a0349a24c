import assert from "node:assert/strict";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { after, before, describe, it } from "mocha";
import type { WebSocket } from "ws";
import { operatorCredentials } from "../../local/account/callers.ts";
import { skipWithout } from "../skip-without.ts";
import { ask, open, startTestStack, type TestStack } from "../test-stack.ts";
import { accessToken } from "../token-factory.ts";
import { all, withCode, withStatement } from "./alterations.ts";
import { awsCli, awsCliAbsence, awsCliVersion, rawBytes } from "./aws-cli.ts";
import { manage, manageRaw, manageUnsigned } from "./management-call.ts";

/** A connection id that was never given. */
const strangerId = "TXzPWdnOjoECGjA=";
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function pushFunction(): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL("push-function.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "cjs",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

/** Opens a connection, and tells its id. */
async function connect(stack: TestStack): Promise<{ socket: WebSocket; connectionId: string }> {
  const seen = stack.events.length;
  const headers = { Authorization: accessToken(), "User-Agent": "client/1.0" };
  const socket = await open(stack.url, { headers });
  const { connectionId } = await stack.untilEvent(
    "handshake",
    (event) => stack.events.indexOf(event) >= seen,
  );
  return { socket, connectionId };
}

async function messageOf(socket: WebSocket): Promise<string> {
  return String((await once(socket, "message"))[0]);
}

describe("@connections", () => {
  let stack: TestStack;
  let socket: WebSocket;
  let connectionId: string;
  before(async () => {
    stack = await startTestStack({ alter: withCode("whoami", pushFunction()) });
    ({ socket, connectionId } = await connect(stack));
  });
  after(() => stack.close());

  it("posts a message to a connection", async () => {
    const message = messageOf(socket);
    const answer = await manage(stack, { connectionId, body: "héllo" });
    assert.deepEqual(answer, { status: 200, errorType: null, body: "" });
    assert.equal(await message, "héllo");
    assert.deepEqual(await stack.untilEvent("push"), { type: "push", connectionId, bytes: 6, text: "héllo" });
  });

  it("describes a connection", async () => {
    const before = Date.now();
    await ask(socket, "{}");
    const { status, errorType, body } = await manage(stack, { method: "GET", connectionId });
    assert.deepEqual([status, errorType], [200, null]);
    const { connectedAt, lastActiveAt, ...description } = JSON.parse(body);
    assert.deepEqual(description, { identity: { sourceIp: "127.0.0.1", userAgent: "client/1.0" } });
    for (const time of [connectedAt, lastActiveAt]) assert.match(time, isoTime);
    assert.ok(Date.parse(connectedAt) <= before && Date.parse(lastActiveAt) >= before);
  });

  it("closes a connection, which then is gone", async () => {
    const { socket, connectionId } = await connect(stack);
    const closed = once(socket, "close");
    const answer = await manage(stack, { method: "DELETE", connectionId });
    assert.deepEqual(answer, { status: 204, errorType: null, body: "" });
    const [code, reason] = await closed;
    assert.deepEqual([code, reason.toString()], [1000, "Connection Closed Normally"]);
    await stack.untilEvent("closed", (event) => event.connectionId === connectionId);
    for (const method of ["POST", "GET", "DELETE"] as const)
      assert.deepEqual(await manage(stack, { method, connectionId }), {
        status: 410,
        errorType: "GoneException",
        body: "",
      });
  });

  it("takes the id of a connection as it is, or percent-encoded", async () => {
    for (const path of [connectionId, encodeURIComponent(connectionId)]) {
      const { status } = await manage(stack, { method: "GET", path: `/prod/@connections/${path}` });
      assert.equal(status, 200);
    }
  });

  it("names every answer, and gives JSON", async () => {
    for (const id of [connectionId, strangerId]) {
      const { headers } = await manageRaw(stack, { method: "GET", connectionId: id });
      assert.match(headers.get("x-amzn-requestid") ?? "", /^[\w-]{15}=$/);
      assert.equal(headers.get("content-type"), "application/json");
    }
  });

  it("answers 410 for a connection that never was", async () => {
    const answer = await manage(stack, { connectionId: strangerId, body: "hello" });
    assert.deepEqual(answer, { status: 410, errorType: "GoneException", body: "" });
  });

  it("takes 128 KB, and not a byte more", async () => {
    const body = "x".repeat(128 * 1024);
    const message = messageOf(socket);
    assert.equal((await manage(stack, { connectionId, body })).status, 200);
    assert.equal((await message).length, body.length);
    assert.deepEqual(await manage(stack, { connectionId, body: `${body}x` }), {
      status: 413,
      errorType: "PayloadTooLargeException",
      body: '{"message":"Message too long"}',
    });
  });

  for (const invalid of ["x", "not-an-id-at-all", "TXzPWdnOjoECGjA", "%ZZ"])
    it(`answers 400 for ${invalid}, which is no connection id`, async () => {
      assert.deepEqual(await manage(stack, { connectionId: invalid, body: "hello" }), {
        status: 400,
        errorType: "BadRequestException",
        body: `{"message":"Invalid connectionId: ${invalid}"}`,
      });
    });

  it("is forbidden on a stage that is not there", async () => {
    assert.deepEqual(await manage(stack, { connectionId, stageName: "other" }), {
      status: 403,
      errorType: "ForbiddenException",
      body: '{"message":"Forbidden"}',
    });
  });

  it("knows POST, GET and DELETE of a connection only", async () => {
    for (const call of [
      { method: "PUT", connectionId } as const,
      { path: "/prod/@connections" },
      { path: `/prod/@connections/${connectionId}/more` },
    ])
      assert.deepEqual(await manage(stack, call), {
        status: 403,
        errorType: "MissingAuthenticationTokenException",
        body: '{"message":"Missing Authentication Token"}',
      });
  });

  it("checks the signature before the size", async () => {
    const body = "x".repeat(128 * 1024 + 1);
    const { status, errorType } = await manageUnsigned(stack, { connectionId, body });
    assert.deepEqual([status, errorType], [403, "MissingAuthenticationTokenException"]);
  });

  it("takes no request of more than 10 MB, whoever sends it", async () => {
    const body = "x".repeat(10 * 1024 * 1024 + 1);
    const { status, errorType } = await manageUnsigned(stack, { connectionId, body });
    assert.deepEqual([status, errorType], [413, "PayloadTooLargeException"]);
  });

  it("is forbidden without a signature, also for a connection that never was", async () => {
    for (const id of [connectionId, strangerId])
      assert.deepEqual(await manageUnsigned(stack, { connectionId: id, body: "hello" }), {
        status: 403,
        errorType: "MissingAuthenticationTokenException",
        body: '{"message":"Missing Authentication Token"}',
      });
  });

  it("is forbidden with a wrong secret, a stranger's key or another region", async () => {
    const wrongSecret = { ...operatorCredentials, secretAccessKey: "wrong" };
    const stranger = { ...operatorCredentials, accessKeyId: "AKIDSTRANGER" };
    const answers = [
      await manage(stack, { connectionId, body: "hello", credentials: wrongSecret }),
      await manage(stack, { connectionId, body: "hello", credentials: stranger }),
      await manage(stack, { connectionId, body: "hello", region: "eu-west-1" }),
    ];
    const message = (text: string) => JSON.stringify({ message: text });
    assert.deepEqual(answers, [
      {
        status: 403,
        errorType: "InvalidSignatureException",
        body: message(
          "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
        ),
      },
      {
        status: 403,
        errorType: "UnrecognizedClientException",
        body: message("The security token included in the request is invalid."),
      },
      {
        status: 403,
        errorType: "InvalidSignatureException",
        body: message("Credential should be scoped to a valid region."),
      },
    ]);
  });

  it("is forbidden to a function whose role has no right to it", async () => {
    const { status, errorType, body } = JSON.parse(await ask(socket, '{"action":"whoami"}'));
    assert.deepEqual([status, errorType], [403, "AccessDeniedException"]);
    const [api] = stack.apis;
    const [role, lambda] = ["aws:iam/role:Role", "aws:lambda/function:Function"].map(
      (type) =>
        stack.graph.resources.find((resource) => resource.type === type && resource.name === "whoami")?.id,
    );
    assert.deepEqual(JSON.parse(body), {
      Message: `User: arn:aws:sts::123456789012:assumed-role/${role}/${lambda} is not authorized to perform: execute-api:ManageConnections on resource: arn:aws:execute-api:us-east-1:********9012:${api?.apiId}/prod/POST/@connections/{connectionId}`,
    });
  });
});

describe("@connections for functions with the right to it", () => {
  const mayPush = { Effect: "Allow", Action: "execute-api:ManageConnections", Resource: "*" };
  let stack: TestStack;
  before(async () => {
    const source = pushFunction();
    stack = await startTestStack({
      alter: all(
        ...["connect", "whoami"].flatMap((name) => [withCode(name, source), withStatement(name, mayPush)]),
      ),
    });
  });
  after(() => stack.close());

  it("let one client write to another", async () => {
    const [alice, bob] = [await connect(stack), await connect(stack)];
    const heard = messageOf(bob.socket);
    const message = JSON.stringify({ action: "whoami", to: bob.connectionId, data: "from alice" });
    assert.equal(await ask(alice.socket, message), '{"status":200,"body":""}');
    assert.equal(await heard, "from alice");
  });

  it("do not reach a connection from its own $connect: it is not established yet", async () => {
    await connect(stack);
    const { line } = await stack.untilLog("connect", ({ stream }) => stream === "stdout");
    assert.equal(line, '{"status":410,"errorType":"GoneException","body":""}');
  });
});

describe("@connections with the AWS CLI", () => {
  let stack: TestStack;
  before(async function () {
    skipWithout(this, awsCliVersion, awsCliAbsence);
    stack = await startTestStack();
  });
  after(() => stack?.close());

  function call(operation: string, connectionId: string, ...options: string[]) {
    const endpoint = `http://127.0.0.1:${stack.port}/prod`;
    const args = ["apigatewaymanagementapi", operation, "--endpoint-url", endpoint, "--output", "json"];
    return awsCli([...args, "--connection-id", connectionId, ...options], operatorCredentials);
  }

  it("posts, describes and closes", async () => {
    const { socket, connectionId } = await connect(stack);
    const message = messageOf(socket);
    const [posted, described] = await Promise.all([
      call("post-to-connection", connectionId, "--data", "hello", ...rawBytes),
      call("get-connection", connectionId),
    ]);
    assert.deepEqual(posted, { exitCode: 0, stdout: "", stderr: "" });
    assert.equal(await message, "hello");
    assert.deepEqual([described.exitCode, described.stderr], [0, ""]);
    const { ConnectedAt, LastActiveAt, ...description } = JSON.parse(described.stdout);
    assert.deepEqual(description, { Identity: { SourceIp: "127.0.0.1", UserAgent: "client/1.0" } });
    for (const time of [ConnectedAt, LastActiveAt])
      assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000);
    const closed = once(socket, "close");
    assert.deepEqual(await call("delete-connection", connectionId), { exitCode: 0, stdout: "", stderr: "" });
    assert.equal((await closed)[0], 1000);
  });

  it("shows that a connection is gone", async () => {
    const { exitCode, stdout, stderr } = await call("get-connection", strangerId);
    assert.notEqual(exitCode, 0);
    assert.equal(stdout, "");
    assert.match(stderr, /An error occurred \(GoneException\) when calling the GetConnection operation:/);
  });
});
