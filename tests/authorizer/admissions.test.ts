import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { clientId, issuer, otherClientId, signingKeys, strangersKeys } from "../token-factory.ts";
import {
  type BuiltAuthorizer,
  type Environment,
  loadAuthorizer,
  startSeconds as now,
} from "./built-authorizer.ts";
import { connectArn, connectRequest, type Event, withSubprotocols, withToken } from "./connect-request.ts";
import { claims, header, identityClaims, signed, token, tokenOfLength } from "./forgery.ts";

const groups = "cognito:groups";

/** Asserts that the client gets in, and returns what its routes will know about it. */
async function admit(event: Event, environment: Environment | BuiltAuthorizer = {}) {
  const authorizer = "decide" in environment ? (environment as BuiltAuthorizer) : loadAuthorizer(environment);
  const { status, reason, policy } = await authorizer.decide(event);
  assert.deepEqual([status, reason], [200, "allowed"]);
  return policy?.context ?? {};
}

const admitToken = (text: string, environment: Environment = {}) => admit(withToken(text), environment);

describe("a connection with a good token", () => {
  it("is allowed by one statement on exactly its own ARN, under the token's sub", async () => {
    const { policy } = await loadAuthorizer().decide(withToken(token({ sub: "the-subject" })));
    assert.deepEqual(
      { principalId: policy?.principalId, policyDocument: policy?.policyDocument },
      {
        principalId: "the-subject",
        policyDocument: {
          Version: "2012-10-17",
          Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: connectArn }],
        },
      },
    );
  });

  it("hands these values of an access token to the routes, and no others", async () => {
    const text = token({
      sub: "the-subject",
      username: "alice",
      client_id: otherClientId,
      scope: "openid orders/read",
      [groups]: ["users", "admins"],
      jti: "the-jti",
      origin_jti: "the-origin",
      exp: now + 60,
    });
    assert.deepEqual(await admitToken(text), {
      sub: "the-subject",
      username: "alice",
      clientId: otherClientId,
      tokenUse: "access",
      scope: "openid orders/read",
      groups: '["users","admins"]',
      exp: String(now + 60),
      jti: "the-jti",
      originJti: "the-origin",
    });
  });

  it("hands these values of an ID token to the routes, and no others", async () => {
    const text = signed(
      header(),
      identityClaims({ sub: "s", jti: "j", origin_jti: "o", exp: now + 1, "cognito:username": "bob" }),
    );
    assert.deepEqual(await admitToken(text, { TOKEN_USE: "id" }), {
      sub: "s",
      username: "bob",
      clientId,
      tokenUse: "id",
      scope: "",
      groups: "[]",
      exp: String(now + 1),
      jti: "j",
      originJti: "o",
    });
  });

  it("takes empty values for optional claims that are missing", async () => {
    const missing = { username: undefined, scope: undefined, jti: undefined, origin_jti: undefined };
    const { username, scope, jti, originJti, groups: none } = await admitToken(token(missing));
    assert.deepEqual([username, scope, jti, originJti, none], ["", "", "", "", "[]"]);
  });

  it("takes empty values for optional claims of another type", async () => {
    const context = await admitToken(token({ username: 7, origin_jti: {}, [groups]: ["a", 1, null, ["b"]] }));
    assert.deepEqual([context.username, context.originJti, context.groups], ["", "", '["a"]']);
  });

  it("hands on the scopes with one space between, however many the token has", async () => {
    assert.equal((await admitToken(token({ scope: "  openid   orders/read " }))).scope, "openid orders/read");
  });

  it("takes no claim from __proto__", async () => {
    const text = JSON.stringify(claims({ username: undefined }));
    const payload = text.replace("{", '{"__proto__":{"username":"mallory","cognito:groups":["admins"]},');
    const { username, groups: held } = await admitToken(signed(header(), payload));
    assert.deepEqual([username, held], ["", "[]"]);
  });
});

describe("the answer's size", () => {
  it("is bounded: of many groups come the first 2 kB, and a mark", async () => {
    const many = Array.from({ length: 210 }, (_, i) => `group${i}`);
    const { groups: text = "", groupsTruncated } = await admitToken(token({ [groups]: many }));
    const kept = JSON.parse(text);
    assert.deepEqual(kept, many.slice(0, kept.length));
    assert.ok(text.length <= 2048, "the list has at most 2 kB");
    assert.ok(JSON.stringify(many.slice(0, kept.length + 1)).length > 2048, "one more would be too many");
    assert.equal(groupsTruncated, "true");
  });

  it("counts groups in bytes, not characters", async () => {
    const { groups: text = "" } = await admitToken(token({ [groups]: Array(150).fill("группа") }));
    const kept = JSON.parse(text).length;
    assert.equal(kept, Math.floor(2047 / Buffer.byteLength('"группа",')));
  });

  it("allows 2,048 bytes of groups without a mark", async () => {
    const exact = [...Array(7).fill("x".repeat(255)), "x".repeat(2048 - 7 * 258 - 4)];
    const context = await admitToken(token({ [groups]: exact }));
    assert.equal(context.groups?.length, 2048);
    assert.deepEqual(JSON.parse(context.groups ?? ""), exact);
    assert.equal("groupsTruncated" in context, false);
  });

  it("marks 2,049 bytes of groups", async () => {
    const tooMany = [...Array(7).fill("x".repeat(255)), "x".repeat(2049 - 7 * 258 - 4)];
    const { groups: text = "", groupsTruncated } = await admitToken(token({ [groups]: tooMany }));
    assert.deepEqual([JSON.parse(text), groupsTruncated], [tooMany.slice(0, 7), "true"]);
  });

  it("leaves out a single group of more than 2 kB", async () => {
    const context = await admitToken(token({ [groups]: ["x".repeat(2100)] }));
    assert.deepEqual([context.groups, context.groupsTruncated], ["[]", "true"]);
  });

  for (const [claim, member] of [
    ["username", "username"],
    ["scope", "scope"],
    ["jti", "jti"],
    ["origin_jti", "originJti"],
  ] as const)
    it(`cuts ${member} at 1,024 characters`, async () => {
      const context = await admitToken(token({ [claim]: "y".repeat(2000) }));
      assert.equal(context[member], "y".repeat(1024));
    });

  it("stays below 8 KB for claims whose characters need escapes", async () => {
    // The harness asserts the size of every answer.
    const quotes = '"'.repeat(350);
    await admitToken(token({ [groups]: Array(2).fill(quotes), username: quotes }));
    await admitToken(token({ [groups]: Array(3).fill("\\".repeat(300)), scope: "\\".repeat(250) }));
    await admitToken(token({ [groups]: Array(400).fill("") }));
  });
});

describe("a good token", () => {
  let authorizer: BuiltAuthorizer;
  before(() => {
    authorizer = loadAuthorizer();
  });

  const placements: Readonly<Record<string, (text: string) => Event>> = {
    "bare in Authorization": (text) => connectRequest({ Authorization: [text] }),
    "after Bearer": (text) => connectRequest({ Authorization: [`Bearer ${text}`] }),
    "after bearer": (text) => connectRequest({ Authorization: [`bearer ${text}`] }),
    "after BEARER": (text) => connectRequest({ Authorization: [`BEARER ${text}`] }),
    "after bEaReR": (text) => connectRequest({ Authorization: [`bEaReR ${text}`] }),
    "in authorization": (text) => connectRequest({ authorization: [text] }),
    "in AUTHORIZATION": (text) => connectRequest({ AUTHORIZATION: [`Bearer ${text}`] }),
    "as the only subprotocol": (text) => withSubprotocols(`bearer.${text}`),
    "behind another subprotocol": (text) => withSubprotocols("app.v1", `bearer.${text}`),
    "before another subprotocol": (text) => withSubprotocols(`bearer.${text}`, "app.v1"),
    "between other subprotocols": (text) => withSubprotocols("app.v2", `bearer.${text}`, "app.v1"),
    "in a list without spaces": (text) =>
      connectRequest({ "Sec-WebSocket-Protocol": [`app.v1,bearer.${text}`] }),
    "in a list with tabs": (text) =>
      connectRequest({ "Sec-WebSocket-Protocol": [`app.v1\t,\tbearer.${text}\t`] }),
    "in a second subprotocol header": (text) =>
      connectRequest({ "Sec-WebSocket-Protocol": ["app.v1", `bearer.${text}`] }),
    "in sec-websocket-protocol": (text) => connectRequest({ "sec-websocket-protocol": [`bearer.${text}`] }),
    "in the query": (text) => connectRequest({}, { token: [text] }),
    "in the query beside other parameters": (text) => connectRequest({}, { a: ["1"], token: [text] }),
    "beside an origin, where none is checked": (text) =>
      connectRequest({ Authorization: [text], Origin: ["https://anywhere.example"] }),
    "in an event without query members": (text) => ({
      ...withToken(text),
      multiValueQueryStringParameters: null,
    }),
  };
  for (const [place, make] of Object.entries(placements))
    it(`is accepted ${place}`, () => admit(make(token()), authorizer));

  const variants: Readonly<Record<string, () => string>> = {
    "of another client": () => token({ client_id: otherClientId }),
    "with typ JWT": () => token({}, { typ: "JWT" }),
    "with its header members in another order": () => signed({ alg: "RS256", kid: header().kid }, claims()),
    "of 4,096 characters": () => tokenOfLength(4096),
    "in its last second": () => token({ exp: now + 1 }),
    "issued by a clock 60 seconds ahead": () => token({ iat: now + 60, exp: now + 120 }),
    "with a lifetime of a day": () => token({ iat: now, exp: now + 24 * 60 * 60 }),
    "with an nbf of now": () => token({ nbf: now }),
    "with an nbf of 0": () => token({ nbf: 0 }),
    "with a sub of 128 characters": () => token({ sub: "s".repeat(128) }),
    "with claims that nobody knows": () => token({ unheard: { of: ["x"] }, toString: "x" }),
    "with characters of many scripts": () => token({ username: "Ålice Алиса 愛麗絲 🔑" }),
  };
  for (const [variant, make] of Object.entries(variants))
    it(`is accepted ${variant}`, () => admit(withToken(make()), authorizer));

  it("is accepted until the millisecond at which it expires", async () => {
    const fresh = loadAuthorizer();
    const event = withToken(token({ exp: now + 10 }));
    fresh.clock.milliseconds = (now + 10) * 1000 - 1;
    await admit(event, fresh);
    fresh.clock.milliseconds += 1;
    assert.equal((await fresh.decide(event)).reason, "expired");
  });

  it("is accepted however often it is shown", async () => {
    const event = withToken(token());
    for (let i = 0; i < 3; i++) await admit(event, authorizer);
  });
});

describe("a caller", () => {
  const places = {
    REQUIRED_GROUPS: '["admins","operators"]',
    REQUIRED_SCOPES: '["orders/read","orders/write"]',
  };

  it("needs any one of the required groups and any one of the required scopes", async () => {
    for (const group of ["admins", "operators"])
      for (const scope of ["orders/read", "orders/write", "openid orders/write", "orders/read openid"])
        await admitToken(token({ [groups]: ["users", group], scope }), places);
  });

  it("is denied by one statement on exactly its connection, under the token's sub, without context", async () => {
    const { status, policy } = await loadAuthorizer(places).decide(withToken(token({ sub: "s" })));
    assert.equal(status, 403);
    assert.deepEqual(policy, {
      principalId: "s",
      policyDocument: {
        Version: "2012-10-17",
        Statement: [{ Action: "execute-api:Invoke", Effect: "Deny", Resource: connectArn }],
      },
    });
  });

  it("of a tooled client, which sends no origin, gets in where origins are checked", async () => {
    await admitToken(token(), { ALLOWED_ORIGINS: '["https://app.example.com"]' });
  });

  for (const origin of ["https://app.example.com", "http://localhost:3000"])
    for (const name of ["Origin", "origin"])
      it(`on a page of ${origin} gets in, its header named ${name}`, () =>
        admit(connectRequest({ Authorization: [token()], [name]: [origin] }), {
          ALLOWED_ORIGINS: '["https://app.example.com","http://localhost:3000"]',
        }));
});

describe("a verification", () => {
  it("leaves the process's stack traces as they are", async () => {
    const { stackTraceLimit } = Error;
    try {
      for (const key of [signingKeys.access, strangersKeys.access]) {
        Error.stackTraceLimit = 7;
        await loadAuthorizer().decide(withToken(signed(header(), claims(), key)));
        assert.equal(Error.stackTraceLimit, 7);
      }
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  });
});

describe("where the newer issuer form is configured", () => {
  it("a token of that form is accepted", async () => {
    const newer = issuer.replace("cognito-idp", "issuer-cognito-idp");
    await admitToken(token({ iss: newer }), { ISSUER: newer });
  });
});
