import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Client } from "../../conformance/client.ts";
import { withServedApi } from "../gateway/served-api.ts";
import { manage } from "../local/management-call.ts";
import { open } from "../test-stack.ts";

describe("a client of the conformance suite", () => {
  it("is told that the connection has ended, whether it waits for a message then or asks later", () =>
    withServedApi({}, async (served) => {
      using client = new Client(await open(served.url));
      const waiting = client.next();
      const early = { message: "closed with 1000 before an answer" };
      const refused = assert.rejects(waiting, early);
      await manage(served, { method: "DELETE", connectionId: served.events[0]?.connectionId ?? "" });
      await refused;
      await assert.rejects(client.next(), early);
    }));

  it("hands over what came before the end", () =>
    withServedApi({}, async (served) => {
      using client = new Client(await open(served.url));
      const connectionId = served.events[0]?.connectionId ?? "";
      await manage(served, { connectionId, body: "hello" });
      await manage(served, { method: "DELETE", connectionId });
      await client.closed;
      assert.equal(await client.next(), "hello");
    }));
});
