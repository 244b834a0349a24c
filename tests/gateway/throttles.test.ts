import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { manage, manageUnsigned } from "../local/management-call.ts";
import { ask, handshakeStatus, open } from "../test-stack.ts";
import { deployedApi, invokeArn, routeResources } from "./integration-graph.ts";
import { proxyRoute, withServedApi } from "./served-api.ts";

/** A clock that stands still until a test moves it. */
function stoppedClock() {
  const clock = { now: 0, read: () => clock.now };
  return clock;
}

/** Whether each of so many requests is admitted. */
function admissions(admits: () => boolean, count: number): boolean[] {
  return Array.from({ length: count }, admits);
}

/** An error frame, with any ids. */
const tooMany = /^\{"message": "Too Many Requests", "connectionId":"[\w-]{15}=", "requestId":"[\w-]{15}="\}$/;

describe("the account's throttles", () => {
  it("answer 429 to a new connection too many, of any stage, until time has passed", async () => {
    const clock = stoppedClock();
    const limits = { connectRateLimit: 2, connectBurstLimit: 2 };
    await withServedApi({ limits, clock: clock.read }, async ({ url, events }) => {
      const statuses = async (count: number) => {
        const all = [];
        for (let i = 0; i < count; i++) all.push(await handshakeStatus(url));
        return all;
      };
      assert.deepEqual(await statuses(3), [101, 101, 429]);
      const refused = events.find((event) => event.type === "handshake" && event.status === 429);
      assert.equal(refused?.type === "handshake" && refused.because, "the account's throttle is exceeded");
      clock.now = 499;
      assert.deepEqual(await statuses(1), [429]);
      clock.now = 500;
      assert.deepEqual(await statuses(2), [101, 429]);
    });
  });

  it("answer a message too many with an error frame, whatever its route, and the connection goes on", async () => {
    const clock = stoppedClock();
    const routes = [proxyRoute("a"), proxyRoute("b")];
    const answer = () => ({ statusCode: 200, body: "ok" });
    const limits = { requestRateLimit: 1, requestBurstLimit: 3 };
    await withServedApi(
      { routes, functions: { a: answer, b: answer }, limits, clock: clock.read },
      async (served) => {
        const socket = await open(served.url);
        assert.equal(await ask(socket, '{"action":"a"}'), "ok");
        assert.equal(await ask(socket, '{"action":"b"}'), "ok");
        for (const action of ["a", "b", "no route"])
          assert.match(await ask(socket, JSON.stringify({ action })), tooMany);
        const last = served.events.at(-1);
        assert.equal(last?.type === "answer" && last.because, "the account's throttle is exceeded");
        clock.now = 1000;
        assert.equal(await ask(socket, '{"action":"a"}'), "ok");
        assert.equal(served.calls.length, 3);
        socket.terminate();
      },
    );
  });

  it("are shared with @connections, which answers LimitExceededException", async () => {
    const clock = stoppedClock();
    const limits = { requestRateLimit: 1, requestBurstLimit: 3 };
    const routes = [proxyRoute("a")];
    await withServedApi({ routes, limits, clock: clock.read }, async (served) => {
      const socket = await open(served.url);
      const connectionId = served.events[0]?.connectionId ?? "";
      const statuses = [];
      for (let i = 0; i < 3; i++)
        statuses.push((await manage(served, { method: "GET", connectionId })).status);
      assert.deepEqual(statuses, [200, 200, 429]);
      for (const method of ["POST", "GET", "DELETE"] as const)
        assert.deepEqual(await manage(served, { method, connectionId }), {
          status: 429,
          errorType: "LimitExceededException",
          body: "",
        });
      assert.match(await ask(socket, '{"action":"a"}'), tooMany);
      clock.now = 1000;
      assert.equal((await manage(served, { method: "GET", connectionId })).status, 200);
      assert.equal((await manage(served, { method: "GET", connectionId })).status, 429);
      socket.terminate();
    });
  });

  it("lose nothing to callers of @connections who may not call it", async () => {
    const limits = { requestRateLimit: 1, requestBurstLimit: 2 };
    await withServedApi({ limits, clock: () => 0 }, async (served) => {
      const socket = await open(served.url);
      const connectionId = served.events[0]?.connectionId ?? "";
      for (let i = 0; i < 3; i++)
        assert.equal((await manageUnsigned(served, { method: "GET", connectionId })).status, 403);
      assert.equal((await manage(served, { method: "GET", connectionId })).status, 200);
      socket.terminate();
    });
  });
});

describe("a stage's throttles", () => {
  const integration = { integrationType: "AWS_PROXY", integrationUri: invokeArn("say") };
  const routeKeys = ["a", "b", "own"];
  const resources = routeKeys.flatMap((routeKey) => routeResources({ routeKey, integration }));

  function admissionsOf(stage: object, count: number, clock = () => 0): Record<string, boolean[]> {
    const { routes } = deployedApi(resources, stage, clock);
    return Object.fromEntries(
      routeKeys.map((key) => [key, admissions(routes.get(key)?.admits ?? assert.fail(key), count)]),
    );
  }

  const defaultRouteSettings = { throttlingRateLimit: 1, throttlingBurstLimit: 2 };
  const own = { routeKey: "own", throttlingRateLimit: 1, throttlingBurstLimit: 3 };

  it("by default are each route's own, and a route's settings stand in their place", () => {
    assert.deepEqual(admissionsOf({ defaultRouteSettings, routeSettings: [own] }, 4), {
      a: [true, true, false, false],
      b: [true, true, false, false],
      own: [true, true, true, false],
    });
  });

  it("are none where the stage has none", () => {
    assert.deepEqual(admissionsOf({ routeSettings: [own] }, 4), {
      a: [true, true, true, true],
      b: [true, true, true, true],
      own: [true, true, true, false],
    });
  });

  it("go by the clock", () => {
    const clock = stoppedClock();
    const { routes } = deployedApi(resources, { defaultRouteSettings }, clock.read);
    const admits = routes.get("a")?.admits ?? assert.fail("a");
    assert.deepEqual(admissions(admits, 3), [true, true, false]);
    clock.now = 1000;
    assert.deepEqual(admissions(admits, 2), [true, false]);
  });
});
