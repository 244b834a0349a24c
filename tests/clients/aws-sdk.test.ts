import assert from "node:assert/strict";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { buildSync } from "esbuild";
import { after, before, describe, it } from "mocha";
import type { WebSocket } from "ws";
import { operatorCredentials } from "../../local/account/callers.ts";
import { all, withCode, withStatement } from "../local/alterations.ts";
import { ask, open, startTestStack, type TestStack } from "../test-stack.ts";
import { accessToken } from "../token-factory.ts";
import { latestConnectionId } from "./client-facts.ts";

/** A connection id that was never given. */
const strangerId = "TXzPWdnOjoECGjA=";
const mayPush = { Effect: "Allow", Action: "execute-api:ManageConnections", Resource: "*" };

/** A function that pushes with the SDK, bundled as functions/ are. */
function pushFunction(): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL("sdk-push-function.ts", import.meta.url))],
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    mainFields: ["module", "main"],
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

async function connect(stack: TestStack): Promise<{ socket: WebSocket; connectionId: string }> {
  const headers = { Authorization: accessToken(), "User-Agent": "client/1.0" };
  const socket = await open(stack.url, { headers });
  return { socket, connectionId: latestConnectionId(stack) };
}

async function messageOf(socket: WebSocket): Promise<string> {
  return String((await once(socket, "message"))[0]);
}

describe("the AWS SDK", () => {
  let stack: TestStack;
  let client: ApiGatewayManagementApiClient;
  before(async () => {
    const source = pushFunction();
    stack = await startTestStack({
      alter: all(
        withCode("whoami", source),
        withCode("sendmessage", source),
        withStatement("whoami", mayPush),
      ),
    });
    client = operatorOf("prod");
  });
  after(async () => {
    client?.destroy();
    await stack?.close();
  });

  function operatorOf(stageName: string, credentials = operatorCredentials): ApiGatewayManagementApiClient {
    const endpoint = `http://localhost:${stack.port}/${stageName}`;
    return new ApiGatewayManagementApiClient({ endpoint, region: "us-east-1", credentials });
  }

  function post(ConnectionId: string, Data: string | Uint8Array, as = client) {
    return as.send(new PostToConnectionCommand({ ConnectionId, Data }));
  }

  /** What the SDK makes of an error: its name, its status, its message. */
  async function failureOf(call: Promise<unknown>) {
    const error = await call.then(
      () => assert.fail("it did not fail"),
      (thrown) => thrown,
    );
    return [error.name, error.$metadata.httpStatusCode, error.message];
  }

  it("posts to a connection", async () => {
    const { socket, connectionId } = await connect(stack);
    for (const data of ["grüße", "x".repeat(128 * 1024)]) {
      const heard = messageOf(socket);
      assert.equal((await post(connectionId, Buffer.from(data))).$metadata.httpStatusCode, 200);
      assert.equal(await heard, data);
    }
  });

  it("describes a connection", async () => {
    const { connectionId } = await connect(stack);
    const { $metadata, ConnectedAt, LastActiveAt, ...description } = await client.send(
      new GetConnectionCommand({ ConnectionId: connectionId }),
    );
    assert.equal($metadata.httpStatusCode, 200);
    assert.deepEqual(description, { Identity: { SourceIp: "127.0.0.1", UserAgent: "client/1.0" } });
    for (const time of [ConnectedAt, LastActiveAt])
      assert.ok(time instanceof Date && Math.abs(time.getTime() - Date.now()) < 60_000);
  });

  it("closes a connection, which then is gone", async () => {
    const { socket, connectionId } = await connect(stack);
    const closed = once(socket, "close");
    await client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
    const [code, reason] = await closed;
    assert.deepEqual([code, reason.toString()], [1000, "Connection Closed Normally"]);
    await stack.untilEvent("closed", (event) => event.connectionId === connectionId);
    const failures = await Promise.all([
      failureOf(post(connectionId, "hello")),
      failureOf(client.send(new GetConnectionCommand({ ConnectionId: connectionId }))),
      failureOf(client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }))),
    ]);
    const gone = ["GoneException", 410, "UnknownError"];
    assert.deepEqual(failures, [gone, gone, gone]);
  });

  it("names what is wrong with a call", async () => {
    const { connectionId } = await connect(stack);
    const [gone, tooLarge, invalid, elsewhere, stranger] = await Promise.all([
      failureOf(post(strangerId, "hello")),
      failureOf(post(connectionId, "x".repeat(128 * 1024 + 1))),
      failureOf(post("not-an-id", "hello")),
      failureOf(post(connectionId, "hello", operatorOf("other"))),
      failureOf(
        post(connectionId, "hello", operatorOf("prod", { ...operatorCredentials, secretAccessKey: "x" })),
      ),
    ]);
    assert.deepEqual(gone, ["GoneException", 410, "UnknownError"]);
    assert.deepEqual(tooLarge, ["PayloadTooLargeException", 413, "Message too long"]);
    assert.deepEqual(invalid, ["BadRequestException", 400, "Invalid connectionId: not-an-id"]);
    assert.deepEqual(elsewhere, ["ForbiddenException", 403, "Forbidden"]);
    assert.deepEqual(stranger.slice(0, 2), ["InvalidSignatureException", 403]);
  });

  it("pushes from a function to its caller, at the API's own AWS address", async () => {
    const { socket } = await connect(stack);
    const heard = [await ask(socket, '{"action":"whoami"}'), await messageOf(socket)];
    assert.deepEqual(heard, ["pushed to you", '{"status":200}']);
  });

  it("tells a function whose role lacks the right", async () => {
    const { socket } = await connect(stack);
    const answer = await ask(socket, '{"action":"sendmessage","message":"hello"}');
    const [role, lambda] = ["aws:iam/role:Role", "aws:lambda/function:Function"].map(
      (type) =>
        stack.graph.resources.find((resource) => resource.type === type && resource.name === "sendmessage")
          ?.id,
    );
    assert.deepEqual(JSON.parse(answer), {
      name: "AccessDeniedException",
      message: `User: arn:aws:sts::123456789012:assumed-role/${role}/${lambda} is not authorized to perform: execute-api:ManageConnections on resource: arn:aws:execute-api:us-east-1:********9012:${stack.apis[0]?.apiId}/prod/POST/@connections/{connectionId}`,
    });
  });
});
