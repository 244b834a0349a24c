import assert from "node:assert/strict";
import { CognitoJwtVerifier } from "aws-jwt-verify";
import { JwtVerifier } from "aws-jwt-verify/jwt-verifier";
import fc from "fast-check";
import { createLocalJWKSet, jwtVerify } from "jose";
import { after, before, describe, it } from "mocha";
import { publicJwk } from "../../local/user-pool/signing-keys.ts";
import { clientId, issuer, otherClientId, signingKeys, strangersKeys, userPoolId } from "../token-factory.ts";
import { type BuiltAuthorizer, loadAuthorizer, startSeconds as now } from "./built-authorizer.ts";
import { connectRequest, withSubprotocols, withToken } from "./connect-request.ts";
import { claims, header, identityClaims, signed, token } from "./forgery.ts";
import { KeyEndpoint, serve } from "./key-endpoint.ts";

/** The same cases in every run; a failure prints the smallest case that it finds. */
const seed = 20_260_101;

/** Every reason for a 401. */
const reasons = [
  ...["no_token", "two_tokens", "malformed_authorization"],
  ...["token_too_long", "malformed_token", "malformed_header", "algorithm_not_allowed", "header_not_allowed"],
  ...["malformed_payload", "wrong_issuer", "invalid_time", "expired", "not_yet_valid", "lifetime_too_long"],
  ...["invalid_subject", "wrong_token_use", "wrong_client", "invalid_key_id", "unknown_key"],
  "invalid_signature",
];

let endpoint: KeyEndpoint;
let authorizer: BuiltAuthorizer;
let idAuthorizer: BuiltAuthorizer;
/** Starts what the properties need, for the suite that calls it. */
function useAuthorizers(): void {
  before(async () => {
    endpoint = new KeyEndpoint();
    await endpoint.start();
    endpoint.answer = serve(signingKeys.id, signingKeys.access);
    authorizer = loadAuthorizer({}, endpoint);
    idAuthorizer = loadAuthorizer({ TOKEN_USE: "id" }, endpoint);
  });
  after(() => endpoint.close());
}

async function assertRefused(event: unknown): Promise<void> {
  const { status, reason } = await authorizer.decide(event);
  assert.equal(status, 401);
  assert.ok(reasons.includes(reason), reason);
}

const inQuery = (text: string) => connectRequest({}, { token: [text] });
const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.base64String({ maxLength: 200 }),
  fc.array(fc.base64String({ maxLength: 40 }), { maxLength: 5 }).map((parts) => parts.join(".")),
  fc
    .array(fc.constantFrom("Bearer ", "bearer.", ".", ",", " ", "e30", "{}", "="), { maxLength: 20 })
    .map((a) => a.join("")),
);

describe("a good token after one edit", () => {
  useAuthorizers();
  const good = token({ username: "alice" }, { typ: "JWT" });
  const position = fc.nat({ max: good.length - 1 });
  const character = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
    },
    { weight: 1, arbitrary: fc.constantFrom(..."+/=.,% \t\n\0~") },
    { weight: 1, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 1 }) },
  );

  it("is accepted before the edit", async () => {
    assert.equal((await authorizer.decide(inQuery(good))).status, 200);
  });

  it("is refused: one character replaced", () =>
    fc.assert(
      fc.asyncProperty(position, character, async (at, other) => {
        fc.pre(good[at] !== other);
        await assertRefused(inQuery(good.slice(0, at) + other + good.slice(at + 1)));
      }),
      { seed, numRuns: 800 },
    ));

  it("is refused: one character inserted", () =>
    fc.assert(
      fc.asyncProperty(fc.nat({ max: good.length }), character, (at, other) =>
        assertRefused(inQuery(good.slice(0, at) + other + good.slice(at))),
      ),
      { seed, numRuns: 500 },
    ));

  it("is refused: any one character left out", async () => {
    for (let at = 0; at < good.length; at++)
      await assertRefused(inQuery(good.slice(0, at) + good.slice(at + 1)));
  });

  it("is refused: two neighbours swapped", () =>
    fc.assert(
      fc.asyncProperty(fc.nat({ max: good.length - 2 }), (at) => {
        const [first = "", second = ""] = good.slice(at, at + 2);
        fc.pre(first !== second);
        return assertRefused(inQuery(good.slice(0, at) + second + first + good.slice(at + 2)));
      }),
      { seed, numRuns: 200 },
    ));
});

describe("anything at all", () => {
  useAuthorizers();
  it("is refused as a token, wherever it stands", () =>
    fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        await assertRefused(withToken(text));
        await assertRefused(connectRequest({ authorization: [text] }));
        await assertRefused(withSubprotocols(text));
        await assertRefused(withSubprotocols(`bearer.${text}`));
        await assertRefused(inQuery(text));
      }),
      { seed, numRuns: 200 },
    ));

  it("is refused as header and payload, signed by the pool or not", () =>
    fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), fc.boolean(), async (head, payload, strange) => {
        const { access } = strange ? strangersKeys : signingKeys;
        await assertRefused(inQuery(signed(head, payload, access)));
        await assertRefused(inQuery(signed(header(), payload, access)));
        await assertRefused(inQuery(signed(head, claims(), access)));
      }),
      { seed, numRuns: 150 },
    ));

  it("is refused as bytes of header and payload, signed by the pool", () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await assertRefused(inQuery(signed(Buffer.from(bytes), claims())));
        await assertRefused(inQuery(signed(header(), Buffer.from(bytes))));
      }),
      { seed, numRuns: 150 },
    ));

  it("is refused as an event", () =>
    fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (event) => {
        const { status, reason } = await authorizer.decide(event);
        assert.deepEqual([status, reason], [500, "unexpected_event"]);
      }),
      { seed, numRuns: 300 },
    ));
});

const jwks = { keys: [signingKeys.id, signingKeys.access].map(publicJwk) };
const clientIds = [clientId, otherClientId];

/** A verifier of aws-jwt-verify as its manual sets it up, with the pool's keys. */
function cognitoVerifier(tokenUse: "access" | "id") {
  const verifier = CognitoJwtVerifier.create({ userPoolId, tokenUse, clientId: clientIds });
  verifier.cacheJwks(jwks);
  return verifier;
}

function plainVerifier(tokenUse: "access" | "id") {
  const audience = tokenUse === "id" ? clientIds : null;
  const verifier = JwtVerifier.create({ issuer, audience, jwksUri: `${issuer}/.well-known/jwks.json` });
  verifier.cacheJwks(jwks);
  return verifier;
}

/** Runs a check with the process's clock at the time at which the authorizers' clocks stand. */
function atStart(check: () => unknown): void {
  const { now: realNow } = Date;
  Date.now = () => now * 1000;
  try {
    check();
  } finally {
    Date.now = realNow;
  }
}

async function assertOthersAccept(text: string, tokenUse: "access" | "id"): Promise<void> {
  atStart(() => cognitoVerifier(tokenUse).verifySync(text));
  atStart(() => plainVerifier(tokenUse).verifySync(text));
  await jwtVerify(text, createLocalJWKSet(jwks), {
    issuer,
    ...(tokenUse === "id" && { audience: clientIds }),
    algorithms: ["RS256"],
    currentDate: new Date(now * 1000),
  });
}

/** Mostly the good value, sometimes one nearby, sometimes anything. */
function around(good: unknown, ...nearby: readonly unknown[]) {
  return fc.oneof(
    { weight: 30, arbitrary: fc.constant(good) },
    { weight: 3, arbitrary: fc.constantFrom(undefined, null, ...nearby) },
    { weight: 1, arbitrary: fc.jsonValue() },
  );
}

const times = [now - 86_400, now - 1, now, now + 1, now + 60, now + 61, now + 86_400, now + 0.5, String(now)];
const anyHeader = fc
  .record({
    alg: around("RS256", "none", "HS256", "rs256"),
    kid: around(signingKeys.access.kid, signingKeys.id.kid, "other"),
    typ: around(undefined, "JWT", "jwt", "at+jwt"),
    crit: around(undefined, ["exp"]),
    more: around(undefined),
  })
  .map(header);
const anyClaims = fc.record({
  iss: around(issuer, `${issuer}/`, issuer.replace("cognito-idp", "issuer-cognito-idp")),
  sub: around("a-subject", "", 7),
  exp: around(now + 3540, ...times),
  iat: around(now - 60, ...times),
  nbf: around(undefined, ...times),
  scope: around("openid", "", ["openid"]),
  jti: around("a-jti", 7),
  "cognito:groups": around(["users"], [], "users"),
  "": around(undefined, "x"),
});
const anyUse = fc.constantFrom("access" as const, "id" as const);
const anyClient = around(clientId, otherClientId, clientIds, "third");

describe("whatever the authorizer accepts", () => {
  useAuthorizers();
  it("aws-jwt-verify and jose accept, too", async () => {
    const counts = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        anyUse,
        anyHeader,
        anyClaims,
        anyClient,
        anyUse,
        async (use, head, some, client, tokenUse) => {
          const made =
            use === "id" ? identityClaims({ ...some, aud: client }) : claims({ ...some, client_id: client });
          const text = signed(head, made);
          const verdict = await (tokenUse === "id" ? idAuthorizer : authorizer).decide(inQuery(text));
          if (verdict.status === 200) {
            await assertOthersAccept(text, tokenUse);
            counts.accepted++;
          } else {
            assert.ok(verdict.status === 401 && reasons.includes(verdict.reason), verdict.reason);
            counts.refused++;
          }
        },
      ),
      { seed, numRuns: 600 },
    );
    assert.ok(counts.accepted >= 50 && counts.refused >= 300, JSON.stringify(counts));
  });
});
