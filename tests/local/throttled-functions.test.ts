import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ask, bearer, handshakeStatus, open, withTestStack } from "../test-stack.ts";
import { accessToken } from "../token-factory.ts";
import { changed } from "./alterations.ts";

/** The program with a function that Lambda throttles whenever it is called. */
function throttled(functionName: string) {
  return changed("lambda/function:Function", functionName, (inputs) => ({
    ...inputs,
    reservedConcurrentExecutions: 0,
  }));
}

describe("a function that Lambda throttles", () => {
  for (const [functionName, because] of [
    ["authorizer", "the authorizer failed: Rate Exceeded."],
    ["connect", "$connect failed: Rate Exceeded."],
  ] as const)
    it(`gives a handshake 500 where it is ${functionName}`, async () => {
      await withTestStack({ alter: throttled(functionName) }, async (stack) => {
        assert.equal(await handshakeStatus(stack.url, bearer(accessToken())), 500);
        const handshake = await stack.untilEvent("handshake");
        assert.deepEqual([handshake.status, handshake.because], [500, because]);
      });
    });

  it("gives a message an error frame, and the connection goes on", async () => {
    await withTestStack({ alter: throttled("whoami") }, async (stack) => {
      const socket = await open(stack.url, bearer(accessToken()));
      assert.match(
        await ask(socket, '{"action":"whoami"}'),
        /^\{"message": "Internal server error", "connectionId":"[\w=-]{16}", "requestId":"[\w=-]{16}"\}$/,
      );
      const answer = await stack.untilEvent("answer");
      assert.equal(answer.because, "Rate Exceeded.");
      assert.match(await ask(socket, '{"action":"sendmessage","message":"hi"}'), /"message":"hi"/);
      socket.terminate();
    });
  });
});
