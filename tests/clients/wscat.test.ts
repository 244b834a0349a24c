import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { manage } from "../local/management-call.ts";
import { wscat } from "../local/wscat.ts";
import { startTestStack, type TestStack } from "../test-stack.ts";
import { accessToken } from "../token-factory.ts";
import { latestConnectionId, memberSettings, memberToken } from "./client-facts.ts";

describe("wscat", () => {
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack({ settings: memberSettings });
  });
  after(() => stack?.close());

  const ways = {
    "-H Authorization": (token: string) => ["-H", `Authorization: Bearer ${token}`],
    "-s": (token: string) => ["-s", "app.v1", "-s", `bearer.${token}`],
  };

  it("talks, with its token in a header or in a subprotocol", async () => {
    const message = "grüße, 世界";
    const command = JSON.stringify({ action: "sendmessage", message });
    const results = await Promise.all(
      Object.values(ways).map((way) => wscat(stack.url, ...way(memberToken()), "-x", command, "-w", "-1")),
    );
    const answer = `${JSON.stringify({ action: "sendmessage", from: "alice", message })}\n`;
    const ended = { exitCode: 0, stdout: answer, stderr: "" };
    assert.deepEqual(results, [ended, ended]);
  });

  it("tells why it is refused", async () => {
    const attempts = Object.values(ways).flatMap((way) =>
      ["junk", accessToken()].map((token) => wscat(stack.url, ...way(token))),
    );
    const refusal = (status: number) => ({
      exitCode: 255,
      stdout: "",
      stderr: `error: Unexpected server response: ${status}\n`,
    });
    assert.deepEqual(await Promise.all(attempts), [401, 403, 401, 403].map(refusal));
  });

  /** Starts a session, which wscat ends after its first line, and tells its connection when that is open. */
  async function session() {
    const opened = stack.events.length;
    const ended = wscat(stack.url, ...ways["-s"](memberToken()));
    await stack.untilEvent("handshake", (event) => stack.events.indexOf(event) >= opened);
    return { ended, connectionId: latestConnectionId(stack) };
  }

  it("shows what is pushed to it", async () => {
    const { ended, connectionId } = await session();
    assert.equal((await manage(stack, { connectionId, body: "grüße" })).status, 200);
    assert.deepEqual(await ended, { exitCode: 0, stdout: "grüße\n", stderr: "" });
  });

  it("ends when it is closed", async () => {
    const { ended, connectionId } = await session();
    assert.equal((await manage(stack, { connectionId, method: "DELETE" })).status, 204);
    assert.deepEqual(await ended, { exitCode: 0, stdout: "", stderr: "" });
  });
});
