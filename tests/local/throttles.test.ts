import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ask, bearer, handshakeStatus, open, withTestStack } from "../test-stack.ts";
import { accessToken } from "../token-factory.ts";

describe("the throttles of the stage", () => {
  it("answer 429 to a connection too many, without asking the authorizer", async () => {
    const settings = { connectThrottlingRateLimit: "1", connectThrottlingBurstLimit: "2" };
    await withTestStack({ settings }, async (stack) => {
      const statuses = [];
      for (let i = 0; i < 3; i++) statuses.push(await handshakeStatus(stack.url, bearer(accessToken())));
      assert.deepEqual(statuses, [101, 101, 429]);
      const authorizer = stack.graph.resources.find(
        ({ type, name }) => type === "aws:lambda/function:Function" && name === "authorizer",
      );
      assert.equal(stack.lambda.invocationCount(authorizer?.outputs.arn), 2);
    });
  });

  it("answer a message too many with an error frame; other routes and the connection go on", async () => {
    const settings = { throttlingRateLimit: "1", throttlingBurstLimit: "2" };
    await withTestStack({ settings }, async (stack) => {
      const socket = await open(stack.url, bearer(accessToken()));
      const whoami = () => ask(socket, '{"action":"whoami"}');
      assert.match(await whoami(), /"username":"alice"/);
      assert.match(await whoami(), /"username":"alice"/);
      assert.match(
        await whoami(),
        /^\{"message": "Too Many Requests", "connectionId":"[\w=-]{16}", "requestId":"[\w=-]{16}"\}$/,
      );
      assert.match(await ask(socket, '{"action":"sendmessage","message":"hi"}'), /"message":"hi"/);
      socket.terminate();
    });
  });
});
