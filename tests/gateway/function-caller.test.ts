import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { callFunction, type FunctionCaller, proxyResponse } from "../../local/gateway/function-caller.ts";
import type { FunctionTarget } from "../../local/gateway/function-target.ts";
import type { InvokeResult } from "../../local/lambda/invocation.ts";

const functionArn = "arn:aws:lambda:us-east-1:123456789012:function:join";
const sourceArn = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/join";

const target: FunctionTarget = { functionArn, sourceArn };

function callerOf(invoke: FunctionCaller["invoke"], permits: FunctionCaller["permits"] = () => true) {
  return { permits, invoke };
}

describe("a call of a function", () => {
  const answer: InvokeResult = { ok: true, payload: { statusCode: 200 }, durationMs: 1 };

  it("hands the event over and the result back", async () => {
    const calls: unknown[] = [];
    const caller = callerOf(async (...call) => {
      calls.push(call);
      return answer;
    });
    const event = { body: "hello" };
    assert.equal(await callFunction(caller, target, event, 1000), answer);
    assert.deepEqual(calls, [[functionArn, event]]);
  });

  it("is never made without a permission for this function and source", async () => {
    const asked: unknown[] = [];
    const caller = callerOf(
      () => assert.fail("called"),
      (...question) => {
        asked.push(question);
        return false;
      },
    );
    assert.deepEqual(await callFunction(caller, target, {}, 1000), {
      ok: false,
      kind: "forbidden",
      errorMessage: `no Lambda permission lets API Gateway call ${functionArn} for ${sourceArn}`,
    });
    assert.deepEqual(asked, [[functionArn, sourceArn]]);
  });

  it("is decided by the credentials' role where there is one, and by no permission", async () => {
    const invoked: string[] = [];
    const caller = callerOf(
      async (arn) => {
        invoked.push(arn);
        return answer;
      },
      () => assert.fail("asked for a permission"),
    );
    assert.equal(await callFunction(caller, { ...target, roleMayInvoke: true }, {}, 1000), answer);
    assert.deepEqual(await callFunction(caller, { ...target, roleMayInvoke: false }, {}, 1000), {
      ok: false,
      kind: "forbidden",
      errorMessage: `no policy of the credentials' role lets API Gateway call ${functionArn} for ${sourceArn}`,
    });
    assert.deepEqual(invoked, [functionArn]);
  });

  it("fails, rather than rejecting, where there is no such function", async () => {
    const caller = callerOf(() => Promise.reject(new Error(`Function not found: ${functionArn}`)));
    assert.deepEqual(await callFunction(caller, target, {}, 1000), {
      ok: false,
      kind: "unreachable",
      errorMessage: `Function not found: ${functionArn}`,
    });
  });

  it("ends when API Gateway's time is over", async () => {
    const caller = callerOf(() => new Promise(() => {}));
    assert.deepEqual(await callFunction(caller, target, {}, 1), {
      ok: false,
      kind: "integrationTimeout",
      errorMessage: "no answer in 1 ms",
    });
  });
});

describe("a proxy response", () => {
  const read = (payload: unknown) => proxyResponse({ ok: true, payload, durationMs: 1 });

  it("has status, headers and body", () => {
    const response = { statusCode: 201, headers: { a: "b" }, body: "hello" };
    assert.deepEqual(read(response), response);
  });

  it("needs no more than a status", () => {
    const empty = { statusCode: 200, headers: {}, body: undefined };
    assert.deepEqual(read({ statusCode: 200 }), empty);
    assert.deepEqual(read({ statusCode: "200", headers: null, body: null }), empty);
  });

  for (const payload of [
    null,
    "ok",
    [],
    {},
    { statusCode: "ok" },
    { statusCode: 200.5 },
    { statusCode: 99 },
    { statusCode: 600 },
    { statusCode: 200, body: { a: 1 } },
    { statusCode: 200, body: 1 },
  ])
    it(`is not ${JSON.stringify(payload)}`, () => assert.equal(read(payload), undefined));

  it("does not come from a failure", () => {
    assert.equal(
      proxyResponse({ ok: false, kind: "error", errorType: "Error", errorMessage: "failed" }),
      undefined,
    );
  });
});
