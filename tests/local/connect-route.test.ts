import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import {
  bearer,
  handshakeStatus,
  open,
  startTestStack,
  type TestStack,
  withTestStack,
} from "../test-stack.ts";
import { accessToken } from "../token-factory.ts";
import { all, changed, withCode } from "./alterations.ts";

describe("a handshake whose $connect", () => {
  const outcomes: readonly [what: string, handler: string, status: number][] = [
    ["answers 204", "() => ({ statusCode: 204 })", 101],
    ["answers 301", "() => ({ statusCode: 301 })", 301],
    ["answers 400", "() => ({ statusCode: 400, body: 'no' })", 400],
    ["answers 401", "() => ({ statusCode: 401 })", 401],
    ["answers 501", "() => ({ statusCode: 501 })", 501],
    ["throws", "() => { throw new Error('no'); }", 502],
    ["answers nothing", "() => {}", 502],
    ["answers without a status", "() => ({ body: 'hello' })", 502],
  ];
  let stack: TestStack;
  before(async () => {
    const handlers = outcomes.map(([what, handler]) => `${JSON.stringify(what)}: ${handler}`);
    const source = `exports.handler = async ({ headers }) => ({ ${handlers} })[headers.outcome]();`;
    stack = await startTestStack({ alter: withCode("connect", source) });
  });
  after(() => stack.close());

  for (const [what, , status] of outcomes)
    it(`${what} ends with ${status}`, async () => {
      const headers = { Authorization: accessToken(), outcome: what };
      assert.equal(await handshakeStatus(stack.url, { headers }), status);
    });
});

describe("a handshake whose $connect does not end", () => {
  const endless = withCode(
    "connect",
    "exports.handler = () => { process.stdout.write('called\\n'); return new Promise(() => {}); };",
  );

  it("ends with 504 when the integration's time is over", () => {
    const impatient = changed("apigatewayv2/integration:Integration", "connect", (inputs) => ({
      ...inputs,
      timeoutMilliseconds: 50,
    }));
    return withTestStack({ alter: all(endless, impatient) }, async (stack) => {
      assert.equal(await handshakeStatus(stack.url, bearer(accessToken())), 504);
    });
  });

  it("is cut off when the stack closes", () =>
    withTestStack({ alter: endless }, async (stack) => {
      const cut = assert.rejects(open(stack.url, bearer(accessToken())), { message: "socket hang up" });
      await stack.untilLog("connect", ({ line }) => line === "called");
      await stack.close();
      await cut;
    }));
});
