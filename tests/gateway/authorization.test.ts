import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { authorize } from "../../local/gateway/authorization.ts";
import type { DeployedAuthorizer } from "../../local/gateway/deployed-api.ts";
import type { FunctionCaller } from "../../local/gateway/function-caller.ts";
import type { InvokeResult } from "../../local/lambda/invocation.ts";
import { api, handshake } from "./api-fixture.ts";

const authorizer: DeployedAuthorizer = {
  functionArn: "arn:aws:lambda:us-east-1:123456789012:function:authorizer",
  sourceArn: "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/authorizers/x1y2z3",
  identitySources: [],
};
const methodArn = `${api.stageArn}/$connect`;

function policy(effect: string, resource: string | string[] = methodArn) {
  return {
    Version: "2012-10-17",
    Statement: [{ Action: "execute-api:Invoke", Effect: effect, Resource: resource }],
  };
}

/** What becomes of a connection whose authorizer ends like this. */
async function outcomeOf(result: InvokeResult) {
  const caller: FunctionCaller = { permits: () => true, invoke: async () => result };
  const outcome = await authorize(authorizer, api, handshake, caller);
  return outcome.status === 200 ? { status: 200, identity: outcome.identity } : outcome;
}

const answering = (payload: unknown) => outcomeOf({ ok: true, payload, durationMs: 1 });
const failing = (errorMessage: string, kind: "error" | "init" | "timeout" = "error") =>
  outcomeOf({ ok: false, kind, errorType: "Error", errorMessage });

describe("authorization", () => {
  it("lets a client in whose policy allows this route", async () => {
    for (const resource of [methodArn, `${api.stageArn}/*`, "*", [`${api.stageArn}/other`, methodArn]])
      assert.deepEqual(await answering({ principalId: "sub-1", policyDocument: policy("Allow", resource) }), {
        status: 200,
        identity: { principalId: "sub-1" },
      });
  });

  it("hands context values on as strings", async () => {
    const context = { username: "alice", count: 2, admin: true, principalId: "forged" };
    assert.deepEqual(await answering({ principalId: "sub-1", policyDocument: policy("Allow"), context }), {
      status: 200,
      identity: { username: "alice", count: "2", admin: "true", principalId: "sub-1" },
    });
  });

  it("answers 403 to a policy that denies, and to one for something else", async () => {
    for (const document of [policy("Deny"), policy("Allow", `${api.stageArn}/other`)])
      assert.deepEqual(await answering({ principalId: "sub-1", policyDocument: document }), {
        status: 403,
        because: "the authorizer's policy does not allow it",
        principalId: "sub-1",
      });
  });

  it("answers 401 to exactly Unauthorized", async () => {
    assert.deepEqual(await failing("Unauthorized"), {
      status: 401,
      because: "the authorizer answered Unauthorized",
    });
  });

  it("answers 500 to any other failure", async () => {
    for (const message of ["unauthorized", "Unauthorized ", "[401] Unauthorized", "Internal error"])
      assert.deepEqual(await failing(message), { status: 500, because: `the authorizer failed: ${message}` });
    for (const kind of ["init", "timeout"] as const)
      assert.equal((await failing("Unauthorized", kind)).status, 500);
  });

  const malformed: readonly [what: string, payload: unknown, because: string][] = [
    ["nothing", null, "principalId must be a string"],
    ["no principal", { policyDocument: policy("Allow") }, "principalId must be a string"],
    [
      "an empty principal",
      { principalId: "", policyDocument: policy("Allow") },
      "principalId must be a string",
    ],
    ["no policy", { principalId: "sub-1" }, "policyDocument must be an object"],
    [
      "an HTTP API's simple response",
      { isAuthorized: true, principalId: "sub-1" },
      "policyDocument must be an object",
    ],
    [
      "a policy without statements",
      { principalId: "sub-1", policyDocument: { Version: "2012-10-17" } },
      "the authorizer's policy: policy has no Statement",
    ],
    [
      "a context with a list",
      { principalId: "sub-1", policyDocument: policy("Allow"), context: { groups: ["a"] } },
      "context.groups must be a string, a number or a boolean",
    ],
    [
      "more than 8 KB",
      { principalId: "sub-1", policyDocument: policy("Allow"), context: { text: "x".repeat(8192) } },
      "it is larger than 8192 bytes",
    ],
  ];
  for (const [what, payload, because] of malformed)
    it(`answers 500 to ${what}`, async () => {
      assert.deepEqual(await answering(payload), {
        status: 500,
        because: `the authorizer's answer is malformed: ${because}`,
      });
    });

  it("asks nobody when an identity source is missing", async () => {
    const sources = ["route.request.header.Authorization", "route.request.querystring.token"];
    const outcome = await authorize({ ...authorizer, identitySources: sources }, api, handshake, {
      permits: () => assert.fail("asked"),
      invoke: () => assert.fail("called"),
    });
    assert.deepEqual(outcome, {
      status: 401,
      because: "route.request.querystring.token is missing, so the authorizer was not called",
    });
  });

  it("calls the authorizer under its own ARN", async () => {
    const asked: unknown[] = [];
    await authorize(authorizer, api, handshake, {
      permits: (...question) => {
        asked.push(question);
        return false;
      },
      invoke: () => assert.fail("called"),
    });
    assert.deepEqual(asked, [[authorizer.functionArn, authorizer.sourceArn]]);
  });
});
