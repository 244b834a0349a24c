import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, describe, it } from "mocha";
import type { RunProgram } from "../../local/stack/local-stack.ts";
import { generateSigningKeys } from "../../local/user-pool/signing-keys.ts";
import { UserPool } from "../../local/user-pool/user-pool.ts";
import { runProgram } from "../run-program.ts";
import {
  ask,
  bearer,
  type ClientOptions,
  handshakeStatus,
  open,
  startTestStack,
  type TestSettings,
  type TestStack,
  withTestStack,
} from "../test-stack.ts";
import {
  accessToken,
  clientId,
  idToken,
  issuer,
  now,
  otherClientId,
  signingKeys,
  strangersKeys,
  userPoolId,
} from "../token-factory.ts";
import { wscat } from "./wscat.ts";

const whoami = '{"action":"whoami"}';

/** Counts how often the pool's keys are read. */
class CountingPool extends UserPool {
  fetches = 0;

  constructor() {
    super({ userPoolId, clients: [{ clientId }], users: [], signingKeys });
  }

  override jwks() {
    this.fetches += 1;
    return super.jwks();
  }
}

/** An upgrade request whose headers reach the server as they are spelled here. */
async function rawStatus(url: string, headers: readonly string[]): Promise<number> {
  const { hostname, port, pathname } = new URL(url);
  const upgrade = ["Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13"];
  const key = ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="];
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const call = request({
    hostname,
    port,
    path: pathname,
    headers: ["Host", "localhost", ...upgrade, ...key, ...headers],
  });
  call.on("upgrade", (response, socket) => {
    socket.destroy();
    resolve(response.statusCode ?? 0);
  });
  call.on("response", (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  });
  call.on("error", reject).end();
  return promise;
}

describe("a handshake", () => {
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack();
  });
  after(() => stack.close());

  const spellings: readonly [what: string, headers: readonly string[]][] = [
    ["the raw token", ["Authorization", accessToken()]],
    ["Bearer", ["Authorization", `Bearer ${accessToken()}`]],
    ["a header name in lower case", ["authorization", `Bearer ${accessToken()}`]],
    ["a header name in upper case", ["AUTHORIZATION", accessToken()]],
    ["a header name in mixed case", ["aUTHORIZATION", `Bearer ${accessToken()}`]],
    ["the scheme in lower case", ["Authorization", `bearer ${accessToken()}`]],
    ["the scheme in upper case", ["Authorization", `BEARER ${accessToken()}`]],
    ["another configured client's token", ["Authorization", accessToken({ client_id: otherClientId })]],
  ];
  for (const [what, headers] of spellings)
    it(`succeeds with ${what}`, async () => assert.equal(await rawStatus(stack.url, headers), 101));

  it("succeeds with a token among the subprotocols, and chooses another, never the token", async () => {
    const socket = await open(stack.url, { protocols: ["app.v1", "app.v2", `bearer.${accessToken()}`] });
    assert.equal(socket.protocol, "app.v1");
    assert.match(await ask(socket, whoami), /"username":"alice"/);
    socket.terminate();
    const { subprotocol } = await stack.untilEvent(
      "handshake",
      ({ subprotocol }) => subprotocol !== undefined,
    );
    assert.equal(subprotocol, "app.v1");
  });

  it("never echoes the token, not even where it is the only subprotocol", async () => {
    const token = `bearer.${accessToken()}`;
    const opened = open(stack.url, { protocols: [token] });
    await assert.rejects(opened, { message: "Server sent no subprotocol" });
  });

  const good = accessToken();
  const refused: readonly [what: string, options: ClientOptions][] = [
    ["no token", {}],
    ["an empty Authorization header", { headers: { Authorization: "" } }],
    ["garbage", bearer("garbage")],
    ["another scheme", { headers: { Authorization: `Basic ${good}` } }],
    ["an expired token", bearer(accessToken({ iat: now() - 7200, exp: now() - 3600 }))],
    ["an ID token", bearer(idToken())],
    ["another client's token", bearer(accessToken({ client_id: "otherclient" }))],
    ["another pool's token", bearer(accessToken({ iss: issuer.replace("TestPool", "OtherPool") }))],
    [
      "a token signed by a stranger",
      bearer(accessToken({}, {}, { ...strangersKeys.access, kid: signingKeys.access.kid })),
    ],
    ["a token with a signature cut short", bearer(good.slice(0, -4))],
    ["two tokens", { headers: { Authorization: good }, protocols: [`bearer.${good}`] }],
    ["a token in the query string, which is not a configured source", {}],
  ];
  for (const [what, options] of refused)
    it(`is refused with 401 for ${what}`, async () => {
      const query = what.includes("query string") ? `?token=${good}` : "";
      assert.equal(await handshakeStatus(`${stack.url}${query}`, options), 401);
    });

  it("tells a client that it is unauthorized, and not why", async () => {
    const { status, body } = await upgradeAnswer(stack.url);
    assert.deepEqual([status, body], [401, '{"message":"Unauthorized"}']);
  });

  it("is forbidden on a stage that is not there", async () => {
    for (const path of ["/other", "/", "/PROD"]) {
      const { status, body } = await upgradeAnswer(`ws://127.0.0.1:${stack.port}${path}`, good);
      assert.deepEqual([status, body], [403, '{"message":"Forbidden"}']);
    }
  });

  it("is asked for where a client only gets", async () => {
    const response = await fetch(stack.url.replace("ws:", "http:"));
    assert.equal(response.status, 426);
    assert.equal(await response.text(), '{"message":"Upgrade Required"}');
  });

  it("works with wscat, by each way to send a token", async () => {
    const ways = [
      ["-H", `Authorization:${accessToken()}`],
      ["-H", `authorization: Bearer ${accessToken()}`],
      ["-s", "app.v1", "-s", `bearer.${accessToken()}`],
    ];
    for (const result of await Promise.all(
      ways.map((way) => wscat(stack.url, ...way, "-x", whoami, "-w", "-1")),
    )) {
      assert.deepEqual([result.exitCode, result.stderr], [0, ""]);
      assert.match(result.stdout, /^\{"action":"whoami","sub":"[\w-]{36}","username":"alice",.+\}\n$/);
    }
  });

  it("shows wscat the status of a refusal", async () => {
    const [unauthorized, forbidden] = await Promise.all([
      wscat(stack.url, "-H", "Authorization:garbage"),
      wscat(`ws://127.0.0.1:${stack.port}/other`, "-H", `Authorization:${good}`),
    ]);
    const outcome = (status: number) => ({
      exitCode: 255,
      stdout: "",
      stderr: `error: Unexpected server response: ${status}\n`,
    });
    assert.deepEqual([unauthorized, forbidden], [outcome(401), outcome(403)]);
  });
});

/** The status and the body of a refused upgrade. */
async function upgradeAnswer(url: string, token?: string): Promise<{ status: number; body: string }> {
  const { hostname, port, pathname } = new URL(url);
  const upgrade = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" };
  const key = { "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==" };
  const headers = { ...upgrade, ...key, ...(token && { Authorization: token }) };
  const [response] = await once(request({ hostname, port, path: pathname, headers }).end(), "response");
  const body = Buffer.concat(await response.toArray()).toString();
  return { status: response.statusCode, body };
}

describe("a handshake under other settings", () => {
  const cases: readonly [
    fact: string,
    settings: TestSettings,
    expected: readonly [options: ClientOptions, status: number][],
  ][] = [
    [
      "takes ID tokens and no access tokens where they are wanted",
      { tokenUse: "id" },
      [
        [bearer(idToken()), 101],
        [bearer(accessToken()), 401],
      ],
    ],
    [
      "takes members of one of the required groups, and forbids others",
      { requiredGroups: '["admins","operators"]' },
      [
        [bearer(accessToken({ "cognito:groups": ["users", "operators"] })), 101],
        [bearer(accessToken({ "cognito:groups": ["users"] })), 403],
        [bearer(accessToken()), 403],
      ],
    ],
    [
      "takes tokens with one of the required scopes, and forbids others",
      { requiredScopes: '["orders/read","orders/write"]' },
      [
        [bearer(accessToken({ scope: "openid orders/write" })), 101],
        [bearer(accessToken({ scope: "openid orders/writer" })), 403],
        [bearer(accessToken({ scope: undefined })), 403],
      ],
    ],
    [
      "takes pages of the allowed origins and clients that are no pages, and forbids others",
      { allowedOrigins: '["https://app.example.com"]' },
      [
        [{ headers: { Authorization: accessToken(), Origin: "https://app.example.com" } }, 101],
        [{ headers: { Authorization: accessToken(), Origin: "https://app.example.com.evil.example" } }, 403],
        [bearer(accessToken()), 101],
      ],
    ],
  ];
  for (const [fact, settings, expected] of cases)
    it(fact, () =>
      withTestStack({ settings }, async (stack) => {
        for (const [options, status] of expected)
          assert.equal(await handshakeStatus(stack.url, options), status);
      }),
    );

  it("takes a token from the query string where that is a source", () =>
    withTestStack({ settings: { tokenSources: '["query"]' } }, async (stack) => {
      assert.equal(await handshakeStatus(`${stack.url}?token=${accessToken()}`), 101);
      assert.equal(await handshakeStatus(`${stack.url}?token=garbage`), 401);
      assert.equal(await handshakeStatus(stack.url, bearer(accessToken())), 401);
    }));
});

describe("a handshake with a key that the authorizer does not have", () => {
  const unknown = bearer(accessToken({}, {}, strangersKeys.access));

  it("fails with 500 while the keys are out of reach, as nobody can tell", () =>
    withTestStack({}, async (stack) => {
      await stack.stopUserPool();
      const answer = await upgradeAnswer(stack.url, accessToken({}, {}, strangersKeys.access));
      assert.deepEqual([answer.status, answer.body], [500, '{"message":"Internal server error"}']);
      assert.equal(await handshakeStatus(stack.url, bearer(accessToken())), 101);
    }));

  it("is refused with 401 when the pool does not have it either", () =>
    withTestStack({}, async (stack) => assert.equal(await handshakeStatus(stack.url, unknown), 401)));

  it("succeeds after the pool's keys were rotated, with exactly one fetch", () => {
    const pool = new CountingPool();
    const run: RunProgram = (stackConfig, hosts) => runProgram(stackConfig, { hosts });
    return withTestStack({ userPool: pool, runProgram: run }, async (stack) => {
      assert.equal(await handshakeStatus(stack.url, bearer(accessToken())), 101);
      assert.equal(pool.fetches, 1, "the deployment's own");
      const keys = generateSigningKeys();
      pool.rotateSigningKeys(keys);
      pool.retireFormerSigningKeys();
      for (let i = 0; i < 3; i++)
        assert.equal(await handshakeStatus(stack.url, bearer(accessToken({}, {}, keys.access))), 101);
      assert.equal(await handshakeStatus(stack.url, bearer(accessToken())), 401);
      assert.equal(await handshakeStatus(stack.url, unknown), 401);
      assert.equal(pool.fetches, 2);
    });
  });

  it("succeeds where the keys are read at runtime, and are not part of the deployment", () => {
    const pool = new CountingPool();
    return withTestStack({ userPool: pool, settings: { jwks: "runtime" } }, async (stack) => {
      assert.equal(pool.fetches, 0);
      assert.equal(await handshakeStatus(stack.url, bearer(accessToken())), 101);
      assert.equal(pool.fetches, 1);
    });
  });
});
