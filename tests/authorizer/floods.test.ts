import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { after, before, describe, it } from "mocha";
import { signingKeys } from "../token-factory.ts";
import { type BuiltAuthorizer, loadAuthorizer } from "./built-authorizer.ts";
import { withToken } from "./connect-request.ts";
import { claims, encode, header, token } from "./forgery.ts";
import {
  down,
  endless,
  type KeyAnswer,
  KeyEndpoint,
  serve,
  silent,
  stalled,
  text,
  torn,
} from "./key-endpoint.ts";

const floodSize = 1000;
const cooldownMs = 10_000;
/** Forged content says so, so that the log can be searched for it. */
const marker = "FORGED";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

let serial = 0;
/** Text that no other token has. */
function fresh(): string {
  return `${marker}-${serial++}-${randomBytes(24).toString("hex")}`;
}

function forged(head: unknown, payload: unknown): string {
  return `${encode(head)}.${encode(payload)}.${randomBytes(256).toString("base64url")}`;
}

/** Tokens that the pool's own could be mistaken for, until their key is looked for. */
const unknownKid = () => forged(header({ kid: fresh() }), claims({ username: fresh() }));

const otherKinds: Readonly<Record<string, readonly [string, () => string]>> = {
  "of another issuer": [
    "wrong_issuer",
    () => forged(header({ kid: fresh() }), claims({ iss: `https://${fresh()}.example` })),
  ],
  "of the other issuer form": [
    "wrong_issuer",
    () =>
      forged(
        header({ kid: fresh() }),
        claims({ iss: String(claims().iss).replace("cognito", "issuer-cognito"), sub: fresh() }),
      ),
  ],
  "that are huge": ["token_too_long", () => `${forged(header(), claims())}${fresh().repeat(900)}`],
  "that are malformed": ["malformed_token", () => `${fresh()}.${fresh()}`],
  "with broken JSON": ["malformed_header", () => forged(`{"alg":"${fresh()}`, claims())],
  "with members in the header": ["header_not_allowed", () => forged(header({ jku: fresh() }), claims())],
  "with a huge kid": ["invalid_key_id", () => forged(header({ kid: fresh().repeat(3) }), claims())],
  "that are expired": ["expired", () => forged(header({ kid: fresh() }), claims({ exp: 1, sub: fresh() }))],
  "with a known kid": ["invalid_signature", () => forged(header(), claims({ sub: fresh() }))],
};

/** Decides on a flood of such tokens, one good token among each hundred, and counts the answers. */
async function flood(authorizer: BuiltAuthorizer, make: () => string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const decide = async (text: string) => {
    const { status, reason, logLine } = await authorizer.decide(withToken(text));
    assert.equal(logLine.includes(marker), false, logLine);
    assert.equal(logLine.includes(Buffer.from(marker).toString("base64url")), false, logLine);
    const answer = `${status} ${reason}`;
    counts[answer] = (counts[answer] ?? 0) + 1;
  };
  const good = token();
  const pending: Promise<void>[] = [];
  for (let i = 0; i < floodSize; i++) {
    pending.push(decide(make()));
    // Good users do not wait for what the forged tokens cause.
    if (i % 100 === 0) await decide(good);
  }
  await Promise.all(pending);
  return counts;
}

describe("a thousand forged tokens", () => {
  const endpoint = new KeyEndpoint();
  before(() => endpoint.start());
  after(() => endpoint.close());

  for (const [kind, [reason, make]] of Object.entries(otherKinds))
    it(`${kind} cause no fetch, and good users still connect`, async () => {
      endpoint.answer = serve(signingKeys.id, signingKeys.access);
      const authorizer = loadAuthorizer({}, endpoint);
      assert.deepEqual(await flood(authorizer, make), { "200 allowed": 10, [`401 ${reason}`]: floodSize });
      assert.deepEqual(authorizer.fetches, []);
    });

  const states: Readonly<Record<string, readonly [KeyAnswer, string]>> = {
    up: [serve(signingKeys.id, signingKeys.access), "401 unknown_key"],
    down: [down, "500 keys_unavailable"],
    torn: [torn, "500 keys_unavailable"],
    empty: [text(""), "500 keys_unavailable"],
    "without keys": [text('{"keys":[]}'), "500 keys_unavailable"],
    garbage: [text(`<html>${"busy ".repeat(1000)}</html>`), "500 keys_unavailable"],
    endless: [endless, "500 keys_unavailable"],
    failing: [text("", 503), "500 keys_unavailable"],
  };
  for (const [state, [answer, expected]] of Object.entries(states))
    it(`with unknown kids cause one fetch per cooldown while the key endpoint is ${state}`, async () => {
      endpoint.answer = answer;
      const authorizer = loadAuthorizer({}, endpoint);
      assert.deepEqual(await flood(authorizer, unknownKid), { "200 allowed": 10, [expected]: floodSize });
      assert.equal(authorizer.fetches.length, 1);
      authorizer.clock.milliseconds += cooldownMs - 1;
      await authorizer.decide(withToken(unknownKid()));
      assert.equal(authorizer.fetches.length, 1);
      authorizer.clock.milliseconds += 1;
      for (let i = 0; i < 10; i++) await authorizer.decide(withToken(unknownKid()));
      assert.equal(authorizer.fetches.length, 2);
    });

  for (const [state, answer] of Object.entries({ slow: silent, stalled }))
    it(`with unknown kids cause one fetch per cooldown while the key endpoint is ${state}`, async () => {
      endpoint.answer = answer;
      const authorizer = loadAuthorizer({}, endpoint);
      const arrived = endpoint.nextRequest();
      const counts = flood(authorizer, unknownKid);
      await arrived;
      assert.equal((await authorizer.decide(withToken(token()))).status, 200);
      authorizer.passTimeLimits();
      assert.deepEqual(await counts, { "200 allowed": 10, "500 keys_unavailable": floodSize });
      assert.equal(authorizer.fetches.length, 1);
    });
});

describe("the authorizer's memory", () => {
  const endpoint = new KeyEndpoint();
  before(() => endpoint.start());
  after(() => endpoint.close());

  /** What a cache of nothing but the kids, or of anything else per token, would exceed. */
  const boundBytes = 128 * 1024;
  const floods = 3;

  it(`grows by less than 128 kB over ${floods} floods of a thousand tokens each`, async () => {
    endpoint.answer = serve(signingKeys.id, signingKeys.access);
    const authorizer = loadAuthorizer({}, endpoint);
    const usedAfterFlood = async () => {
      await flood(authorizer, unknownKid);
      authorizer.clock.milliseconds += cooldownMs;
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    await usedAfterFlood();
    const first = await usedAfterFlood();
    let last = first;
    for (let i = 0; i < floods; i++) last = await usedAfterFlood();
    assert.ok(last - first < boundBytes, `${last - first} bytes more`);
  });
});
