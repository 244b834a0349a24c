import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { Callers } from "../../local/account/callers.ts";
import { Gateway } from "../../local/gateway/gateway.ts";
import { manage } from "../local/management-call.ts";
import { graphOf } from "../resource-graph.ts";
import { open } from "../test-stack.ts";
import { api } from "./api-fixture.ts";

describe("two stages of an API", () => {
  const connectionIds: string[] = [];
  const beta = { ...api, stageName: "beta", stageArn: api.stageArn.replace("/prod", "/beta") };
  const gateway = new Gateway({
    apis: [api, beta],
    callers: new Callers(graphOf()),
    region: "us-east-1",
    caller: { permits: () => false, invoke: () => assert.fail("there are no functions") },
    observe: (event) => {
      if (event.type === "handshake") connectionIds.push(event.connectionId);
    },
  });
  let port = 0;
  before(async () => {
    port = await gateway.listen(0);
    await open(`ws://127.0.0.1:${port}/prod`);
    await open(`ws://127.0.0.1:${port}/beta`);
  });
  after(() => gateway.close());

  it("each know their own connections, and none of the other's", async () => {
    const statuses = [];
    for (const stageName of ["prod", "beta"])
      for (const connectionId of connectionIds) {
        const { status, errorType } = await manage({ port }, { method: "GET", stageName, connectionId });
        statuses.push([stageName, connectionIds.indexOf(connectionId), status, errorType]);
      }
    assert.deepEqual(statuses, [
      ["prod", 0, 200, null],
      ["prod", 1, 410, "GoneException"],
      ["beta", 0, 410, "GoneException"],
      ["beta", 1, 200, null],
    ]);
  });
});
