import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "mocha";
import { publicJwk, type SigningKey } from "../../local/user-pool/signing-keys.ts";
import { issuer, signingKeys, strangersKeys } from "../token-factory.ts";
import { type BuiltAuthorizer, loadAuthorizer } from "./built-authorizer.ts";
import { withToken } from "./connect-request.ts";
import { claims, header, signed, token } from "./forgery.ts";
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

const { id, access } = signingKeys;
/** A key that the pool starts to use after the deployment. */
const rotated: SigningKey = { ...strangersKeys.access, kid: "rotated" };
const cooldownMs = 10_000;
const keysUrl = `${issuer}/.well-known/jwks.json`;

const goodToken = () => token();
const rotatedToken = () => signed(header({ kid: rotated.kid }), claims(), rotated);
const unknownToken = () => token({}, { kid: "unknown" });

let endpoint: KeyEndpoint;
let authorizer: BuiltAuthorizer;

async function reasonOf(text: string): Promise<string> {
  const { status, reason } = await authorizer.decide(withToken(text));
  return `${status} ${reason}`;
}

function start(environment = {}): void {
  authorizer = loadAuthorizer(environment, endpoint);
}

function useEndpoint(): void {
  before(async () => {
    endpoint = new KeyEndpoint();
    await endpoint.start();
  });
  after(() => endpoint.close());
}

describe("an unknown kid", () => {
  useEndpoint();
  beforeEach(() => start());

  it("causes one fetch, of the configured pool's keys, in at most 2 seconds", async () => {
    endpoint.answer = serve(id, access);
    await reasonOf(unknownToken());
    assert.deepEqual(authorizer.fetches, [keysUrl]);
    assert.deepEqual(authorizer.timeLimits, [2000]);
    assert.equal(endpoint.requests.at(-1), new URL(keysUrl).pathname);
  });

  it("is 401 unknown_key if the pool does not have it, again within the cooldown", async () => {
    endpoint.answer = serve(id, access);
    assert.equal(await reasonOf(unknownToken()), "401 unknown_key");
    assert.equal(await reasonOf(unknownToken()), "401 unknown_key");
    assert.equal(authorizer.fetches.length, 1);
  });

  it("is 500 keys_unavailable if the keys cannot be read, again within the cooldown", async () => {
    endpoint.answer = down;
    assert.equal(await reasonOf(unknownToken()), "500 keys_unavailable");
    assert.equal(await reasonOf(unknownToken()), "500 keys_unavailable");
    assert.equal(authorizer.fetches.length, 1);
  });

  it("is accepted if the pool has it by now, and from then on without a fetch", async () => {
    endpoint.answer = serve(id, access, rotated);
    assert.equal(await reasonOf(rotatedToken()), "200 allowed");
    assert.equal(await reasonOf(rotatedToken()), "200 allowed");
    assert.equal(await reasonOf(goodToken()), "200 allowed");
    assert.equal(authorizer.fetches.length, 1);
  });

  it("retires the keys that the pool no longer has", async () => {
    endpoint.answer = serve(rotated);
    assert.equal(await reasonOf(rotatedToken()), "200 allowed");
    assert.equal(await reasonOf(goodToken()), "401 unknown_key");
  });

  it("does not cause a fetch while the token's other claims are wrong", async () => {
    for (const wrong of [{ iss: "x" }, { exp: 1 }, { sub: "" }, { token_use: "id" }, { client_id: "x" }])
      assert.match(await reasonOf(token(wrong, { kid: "unknown" })), /^401 /);
    assert.deepEqual(authorizer.fetches, []);
  });
});

describe("the cooldown", () => {
  useEndpoint();
  beforeEach(() => start());

  for (const [state, answer, expected] of [
    ["good", serve(id, access), "401 unknown_key"],
    ["failed", down, "500 keys_unavailable"],
  ] as const)
    it(`lasts 10 seconds after a ${state} attempt`, async () => {
      endpoint.answer = answer;
      for (const [elapsedMs, fetches] of [
        [0, 1],
        [1, 1],
        [cooldownMs - 1, 1],
        [cooldownMs, 2],
        [cooldownMs + 1, 2],
        [2 * cooldownMs - 1, 2],
        [2 * cooldownMs, 3],
      ] as const) {
        authorizer.clock.milliseconds = startMs() + elapsedMs;
        assert.equal(await reasonOf(unknownToken()), expected);
        assert.equal(authorizer.fetches.length, fetches, `after ${elapsedMs} ms`);
      }
    });

  it("counts from the start of an attempt, not from its end", async () => {
    endpoint.answer = silent;
    const waiting = reasonOf(unknownToken());
    await endpoint.nextRequest();
    authorizer.clock.milliseconds += cooldownMs - 1;
    authorizer.passTimeLimits();
    assert.equal(await waiting, "500 keys_unavailable");
    endpoint.answer = serve(id, access, rotated);
    assert.equal(await reasonOf(rotatedToken()), "500 keys_unavailable");
    authorizer.clock.milliseconds += 1;
    assert.equal(await reasonOf(rotatedToken()), "200 allowed");
  });

  it("ends when the clock is set back, and starts again from there", async () => {
    endpoint.answer = serve(id, access);
    await reasonOf(unknownToken());
    authorizer.clock.milliseconds -= 1;
    await reasonOf(unknownToken());
    assert.equal(authorizer.fetches.length, 2);
    authorizer.clock.milliseconds += cooldownMs - 1;
    await reasonOf(unknownToken());
    assert.equal(authorizer.fetches.length, 2);
    authorizer.clock.milliseconds += 1;
    await reasonOf(unknownToken());
    assert.equal(authorizer.fetches.length, 3);
  });

  it("lets a failure be followed by an answer once the keys can be read again", async () => {
    endpoint.answer = down;
    assert.equal(await reasonOf(rotatedToken()), "500 keys_unavailable");
    endpoint.answer = serve(id, access, rotated);
    assert.equal(await reasonOf(rotatedToken()), "500 keys_unavailable");
    authorizer.clock.milliseconds += cooldownMs;
    assert.equal(await reasonOf(unknownToken()), "401 unknown_key");
    assert.equal(await reasonOf(rotatedToken()), "200 allowed");
  });
});

function startMs(): number {
  return loadAuthorizer().clock.milliseconds;
}

describe("a refresh in flight", () => {
  useEndpoint();
  beforeEach(() => start());

  it("is the only one: all who need it wait for it", async () => {
    let release = () => {};
    endpoint.answer = (response) => {
      release = () => serve(id, access, rotated)(response);
    };
    const waiting = [rotatedToken(), unknownToken(), rotatedToken(), unknownToken()].map(reasonOf);
    await endpoint.nextRequest();
    release();
    assert.deepEqual(await Promise.all(waiting), [
      "200 allowed",
      "401 unknown_key",
      "200 allowed",
      "401 unknown_key",
    ]);
    assert.equal(authorizer.fetches.length, 1);
  });

  it("is the only one even after the cooldown, or a clock set back", async () => {
    endpoint.answer = silent;
    const first = reasonOf(unknownToken());
    await endpoint.nextRequest();
    authorizer.clock.milliseconds += 2 * cooldownMs;
    const second = reasonOf(unknownToken());
    authorizer.clock.milliseconds -= 3 * cooldownMs;
    const third = reasonOf(unknownToken());
    authorizer.passTimeLimits();
    assert.deepEqual(await Promise.all([first, second, third]), Array(3).fill("500 keys_unavailable"));
    assert.equal(authorizer.fetches.length, 1);
  });

  it("does not hold up users of known keys", async () => {
    endpoint.answer = silent;
    const waiting = reasonOf(unknownToken());
    await endpoint.nextRequest();
    assert.equal(await reasonOf(goodToken()), "200 allowed");
    authorizer.passTimeLimits();
    assert.equal(await waiting, "500 keys_unavailable");
  });
});

const jwk = publicJwk(access);
const setOf = (...keys: unknown[]) => JSON.stringify({ keys });
const goodSet = setOf(publicJwk(rotated));

/** The good set in so many characters. */
const padded = (length: number) => goodSet.replace("{", `{${" ".repeat(length - goodSet.length)}`);

const badAnswers: Readonly<Record<string, KeyAnswer>> = {
  "no answer": down,
  "half an answer": torn,
  "an endless answer": endless,
  "a set of 65,537 characters": text(padded(64 * 1024 + 1)),
  "an empty answer": text(""),
  "an empty set": text(setOf()),
  "a set without RS256 keys": text(setOf({ ...jwk, alg: "ES256" })),
  "a set with one malformed key": text(setOf(publicJwk(rotated), { ...jwk, n: 1 })),
  "a set with one weak key": text(setOf(publicJwk(rotated), { ...jwk, e: "Aw" })),
  "a set whose keys are no list": text('{"keys":{}}'),
  null: text("null"),
  "no JSON": text("<html>busy</html>"),
  "binary junk": (response) => response.end(Buffer.from([0, 255, 254, 0x80])),
  "a good set with junk behind it": text(`${goodSet}x`),
  "a good set, status 201": text(goodSet, 201),
  "a good set, status 203": text(goodSet, 203),
  "a good set, status 404": text(goodSet, 404),
  "a good set, status 429": text(goodSet, 429),
  "a good set, status 500": text(goodSet, 500),
  "no content": (response) => response.writeHead(204).end(),
  "a redirect": (response) => response.writeHead(302, { location: "/good" }).end(goodSet),
};

describe("a refresh that fails", () => {
  useEndpoint();
  beforeEach(() => start());

  async function assertOldKeysStay(): Promise<void> {
    assert.equal(await reasonOf(goodToken()), "200 allowed");
    assert.equal(await reasonOf(rotatedToken()), "500 keys_unavailable");
    assert.equal(authorizer.fetches.length, 1);
  }

  for (const [name, answer] of Object.entries(badAnswers))
    it(`keeps the old keys and is our failure: ${name}`, async () => {
      endpoint.answer = answer;
      assert.equal(await reasonOf(rotatedToken()), "500 keys_unavailable");
      await assertOldKeysStay();
    });

  for (const [name, answer] of Object.entries({
    "no answer in time": silent,
    "half an answer in time": stalled,
  }))
    it(`keeps the old keys and is our failure: ${name}`, async () => {
      endpoint.answer = answer;
      const waiting = reasonOf(rotatedToken());
      await endpoint.nextRequest();
      authorizer.passTimeLimits();
      assert.equal(await waiting, "500 keys_unavailable");
      await assertOldKeysStay();
    });

  it("does not follow a redirect", async () => {
    const before = endpoint.requests.length;
    endpoint.answer = badAnswers["a redirect"] ?? down;
    await reasonOf(rotatedToken());
    assert.equal(endpoint.requests.length, before + 1);
  });
});

describe("a refresh that succeeds", () => {
  useEndpoint();
  beforeEach(() => start());

  const answers: Readonly<Record<string, KeyAnswer>> = {
    "a set of 65,536 characters": text(padded(64 * 1024)),
    "a set in pieces": (response) => {
      response.write(goodSet.slice(0, 20));
      response.end(goodSet.slice(20));
    },
    "a set among keys for other purposes": text(
      setOf(null, { kty: "EC" }, { ...jwk, use: "enc" }, publicJwk(rotated)),
    ),
    "a set with members that nobody knows": text(
      JSON.stringify({ more: 1, keys: [{ ...publicJwk(rotated), x: 1 }] }),
    ),
  };
  for (const [name, answer] of Object.entries(answers))
    it(`adopts ${name}`, async () => {
      endpoint.answer = answer;
      assert.equal(await reasonOf(rotatedToken()), "200 allowed");
    });
});

describe("an authorizer that is deployed without keys", () => {
  useEndpoint();
  const withoutKeys = { JWKS: undefined };

  it("fetches them when it loads, and lets the first user wait for them", async () => {
    endpoint.answer = serve(id, access);
    start(withoutKeys);
    await endpoint.nextRequest();
    assert.equal(await reasonOf(goodToken()), "200 allowed");
    assert.deepEqual(authorizer.fetches, [keysUrl]);
  });

  it("answers 500 while they cannot be read, and tries again after the cooldown", async () => {
    endpoint.answer = down;
    start(withoutKeys);
    assert.equal(await reasonOf(goodToken()), "500 keys_unavailable");
    endpoint.answer = serve(id, access);
    authorizer.clock.milliseconds += cooldownMs - 1;
    assert.equal(await reasonOf(goodToken()), "500 keys_unavailable");
    authorizer.clock.milliseconds += 1;
    assert.equal(await reasonOf(goodToken()), "200 allowed");
    // At start, for the first user, who had to be told, and after the cooldown.
    assert.equal(authorizer.fetches.length, 3);
  });

  it("fetches them for the first user when the fetch at start was broken off", async () => {
    let requests = 0;
    endpoint.answer = (response) => (requests++ === 0 ? response.destroy() : serve(id, access)(response));
    start(withoutKeys);
    assert.equal(await reasonOf(goodToken()), "200 allowed");
    assert.equal(authorizer.fetches.length, 2);
  });

  it("does not fetch again for an unknown key after a good fetch at start", async () => {
    endpoint.answer = serve(id, access);
    start(withoutKeys);
    assert.equal(await reasonOf(rotatedToken()), "401 unknown_key");
    assert.equal(authorizer.fetches.length, 1);
  });

  it("refuses everybody, bad tokens with 401, while they cannot be read", async () => {
    endpoint.answer = down;
    start(withoutKeys);
    assert.equal(await reasonOf("junk"), "401 malformed_token");
    assert.equal(await reasonOf(token({ exp: 1 })), "401 expired");
    assert.equal(await reasonOf(goodToken()), "500 keys_unavailable");
  });
});
