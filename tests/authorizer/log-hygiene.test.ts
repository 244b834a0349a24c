import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { strangersKeys } from "../token-factory.ts";
import { type BuiltAuthorizer, loadAuthorizer, startSeconds } from "./built-authorizer.ts";
import { apiId, connectRequest, type Event, withSubprotocols, withToken } from "./connect-request.ts";
import { claims, encode, header, signed, token } from "./forgery.ts";
import { assertNothingLeaks } from "./leaks.ts";

const marker = "MARKER";
let authorizer: BuiltAuthorizer;

/** Decides, and returns the members of the one line. */
async function lineOf(event: unknown, decider = authorizer): Promise<Record<string, unknown>> {
  const { logLine } = await decider.decide(event);
  assert.match(logLine, /^\{[^\n]*\}\n$/);
  return JSON.parse(logLine);
}

describe("the authorizer's log", () => {
  before(() => {
    authorizer = loadAuthorizer({ REQUIRED_GROUPS: '["admins"]' });
  });

  const ids = (event: Event) => {
    const { requestId, connectionId } = event.requestContext as Record<string, unknown>;
    return { apiId, requestId, connectionId };
  };

  /** The line must hold these members and no others, beside the metrics' own. */
  async function assertLine(event: Event, members: Readonly<Record<string, unknown>>): Promise<void> {
    const { _aws, decisions, latencyMs, ...others } = await lineOf(event);
    assert.deepEqual(others, { ...ids(event), ...members });
  }

  it("has one line for an allowed connection, with source and sub", () =>
    assertLine(withToken(token({ sub: "the-subject", "cognito:groups": ["admins"] })), {
      decision: "allow",
      reason: "allowed",
      source: "header",
      sub: "the-subject",
    }));

  it("has one line for a caller without rights, with source and sub", () =>
    assertLine(withSubprotocols(`bearer.${token({ sub: "the-subject" })}`), {
      decision: "deny",
      reason: "missing_group",
      source: "subprotocol",
      sub: "the-subject",
    }));

  it("has one line for a bad token, with its source and without sub", () =>
    assertLine(connectRequest({}, { token: [signed(header(), claims(), strangersKeys.access)] }), {
      decision: "deny",
      reason: "invalid_signature",
      source: "query",
    }));

  it("has one line for no token, without source", () =>
    assertLine(connectRequest(), { decision: "deny", reason: "no_token" }));

  it("has one line for two tokens, without source", () =>
    assertLine(connectRequest({ Authorization: [token(), token()] }), {
      decision: "deny",
      reason: "two_tokens",
    }));

  it("has one line for an event of another API, with its ids and this API's", () =>
    assertLine({ ...withToken(token()), methodArn: "x" }, { decision: "fail", reason: "unexpected_event" }));

  it("has one line for no event at all, with this API's id alone", async () => {
    const { _aws, decisions, latencyMs, ...others } = await lineOf(null);
    assert.deepEqual(others, { apiId, decision: "fail", reason: "unexpected_event" });
  });

  it("keeps a sub with a line end on one line", async () => {
    const sub = 'two\nlines "quoted" \u2028';
    assert.equal((await lineOf(withToken(token({ sub })))).sub, sub);
  });

  it("names no unverified sub, whatever fails", async () => {
    const forged = [
      signed(header(), claims({ sub: marker }), strangersKeys.access),
      token({ sub: marker, exp: 1 }),
      token({ sub: marker, iss: "https://attacker.example" }),
      token({ sub: marker, token_use: "id" }),
      token({ sub: marker, client_id: "other" }),
      token({ sub: marker }, { alg: "none" }),
    ];
    for (const text of forged) assert.equal("sub" in (await lineOf(withToken(text))), false);
  });
});

describe("the authorizer's metrics", () => {
  before(() => {
    authorizer = loadAuthorizer();
  });

  it("count decisions by API and decision and by API and reason, and latency by API and decision", async () => {
    const { _aws } = await lineOf(withToken(token()));
    const decisions = { Name: "decisions", Unit: "Count" };
    const latencyMs = { Name: "latencyMs", Unit: "Milliseconds" };
    const Namespace = "jwt-websocket-api";
    assert.deepEqual(_aws, {
      Timestamp: startSeconds * 1000,
      CloudWatchMetrics: [
        { Namespace, Dimensions: [["apiId", "decision"]], Metrics: [decisions, latencyMs] },
        { Namespace, Dimensions: [["apiId", "reason"]], Metrics: [decisions] },
      ],
    });
  });

  it("have a text for every dimension and a number for every metric, whatever the event", async () => {
    for (const event of [withToken(token()), withToken("x"), connectRequest(), null, [], "text"]) {
      const line = await lineOf(event);
      for (const name of ["apiId", "decision", "reason"]) assert.equal(typeof line[name], "string");
      assert.equal(line.decisions, 1);
      assert.ok(typeof line.latencyMs === "number" && line.latencyMs >= 0 && line.latencyMs < 60_000);
      assert.ok(Number.isInteger((line.latencyMs as number) * 1000) || String(line.latencyMs).length < 10);
    }
  });
});

describe("what a client sends", () => {
  before(() => {
    authorizer = loadAuthorizer({ ALLOWED_ORIGINS: '["https://app.example.com"]' });
  });

  const everywhere = {
    [marker]: marker,
    kid: marker,
    jti: marker,
    username: marker,
    email: marker,
    scope: marker,
    "cognito:groups": [marker],
  };
  const strangersToken = signed(header({ kid: marker }), claims({ client_id: marker }), strangersKeys.access);
  const events: Readonly<Record<string, () => Event>> = {
    "in a header of its own": () => connectRequest({ [marker]: [marker], "X-Forwarded-User": [marker] }),
    "in Authorization": () => connectRequest({ Authorization: [`Bearer ${marker}`] }),
    "as another scheme": () => connectRequest({ Authorization: [`${marker} ${marker}`] }),
    "as subprotocols": () => withSubprotocols(marker, `bearer.${marker}`),
    "in the query": () => connectRequest({}, { [marker]: [marker], token: [marker] }),
    "as origin": () => connectRequest({ Origin: [marker], Authorization: [token()] }),
    "in a forged token's header": () => withToken(`${encode({ alg: marker, kid: marker })}.e30.AAAA`),
    "in a forged token's payload": () => withToken(`${encode(header())}.${encode(everywhere)}.AAAA`),
    "in a stranger's token": () => withToken(strangersToken),
    "in broken JSON": () => withToken(`${encode(`{"alg":${marker}`)}.${encode(`{${marker}`)}.AAAA`),
    "in a good token": () => connectRequest({ Authorization: [token(everywhere)] }),
  };
  for (const [place, make] of Object.entries(events))
    it(`is in no line: ${place}`, async () => {
      const { logLine } = await authorizer.decide(make());
      assert.equal(logLine.includes(marker), false, logLine);
      assert.equal(logLine.includes(Buffer.from(marker).toString("base64url")), false, logLine);
    });

  it("is looked for in what each decision of every suite writes", () => {
    const text = token();
    const found = (event: Event, written: string) =>
      assert.throws(() => assertNothingLeaks(event, ["harmless", written]), /^AssertionError.*was written/);
    found(withToken(text), `{"token":"${text}"}`);
    found(withToken(text), `... ${text.slice(300, 312)} ...`);
    found(withSubprotocols("app.v1", `bearer.${text}`), text.slice(-12));
    found(connectRequest({}, { token: [text] }), text.slice(0, 12));
    assertNothingLeaks(withToken(text), [text.slice(0, 11)]);
  });
});
