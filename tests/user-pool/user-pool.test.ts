import assert from "node:assert/strict";
import { CognitoJwtVerifier } from "aws-jwt-verify";
import { CognitoJwtInvalidTokenUseError } from "aws-jwt-verify/error";
import { generateSigningKeys } from "../../local/user-pool/signing-keys.ts";
import { UserPool } from "../../local/user-pool/user-pool.ts";

const signingKeys = generateSigningKeys();
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const nowSeconds = 1_800_000_000;

function createPool(userPoolId = "us-east-1_LocalPool"): UserPool {
  return new UserPool({
    userPoolId,
    clients: [{ clientId: "publicclient1" }],
    users: [
      { username: "alice", password: "Alice-demo-1", groups: ["admins"], email: "alice@example.com" },
      { username: "bob", password: "Bob-demo-1", groups: [] },
    ],
    clock: () => nowSeconds * 1000 + 999,
    signingKeys,
  });
}

function decode(token: string): { header: Record<string, unknown>; claims: Record<string, unknown> } {
  const [header = "", payload = ""] = token.split(".");
  const parse = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
  return { header: parse(header), claims: parse(payload) };
}

function takeUuids(claims: Record<string, unknown>, ...names: string[]): unknown[] {
  const values = names.map((name) => claims[name]);
  for (const value of values) assert.match(String(value), uuid);
  return values;
}

describe("user pool", () => {
  it("has the issuer of a real pool of its region and partition", () => {
    assert.deepEqual(
      ["eu-west-3_aB1", "us-gov-west-1_aB1", "cn-north-1_aB1"].map((id) => createPool(id).issuer),
      [
        "https://cognito-idp.eu-west-3.amazonaws.com/eu-west-3_aB1",
        "https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_aB1",
        "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_aB1",
      ],
    );
  });

  it("refuses an id that no pool can have", () => {
    assert.throws(() => createPool("LocalPool"), {
      message: "userPoolId must be <region>_<letters and digits>, e.g. us-east-1_LocalPool, got LocalPool",
    });
  });

  it("lists the ID token key and then the access token key, public members only", () => {
    const { keys } = createPool().jwks();
    assert.deepEqual(
      keys,
      [signingKeys.id, signingKeys.access].map(({ kid, publicKey }) => ({
        alg: "RS256",
        e: "AQAB",
        kid,
        kty: "RSA",
        n: publicKey.export({ format: "jwk" }).n,
        use: "sig",
      })),
    );
    assert.notEqual(keys[0]?.n, keys[1]?.n);
    for (const { kid, n } of keys) {
      assert.match(kid, /^[A-Za-z0-9+/]{43}=$/);
      assert.equal(Buffer.from(n, "base64url").length, 256);
    }
  });

  it("makes keys of its own when given none", () => {
    const args = { userPoolId: "us-east-1_LocalPool", clients: [], users: [] };
    const kids = [new UserPool(args), new UserPool(args)].flatMap((pool) =>
      pool.jwks().keys.map(({ kid }) => kid),
    );
    assert.equal(new Set(kids).size, 4);
  });

  it("signs with new keys after a rotation, and publishes the former ones after them until they are retired", () => {
    const pool = createPool();
    const kids = () => pool.jwks().keys.map(({ kid }) => kid);
    const former = [signingKeys.id.kid, signingKeys.access.kid];
    const rotated = [generateSigningKeys(), generateSigningKeys()];
    const kidsOf = (keys?: { id: { kid: string }; access: { kid: string } }) => [
      keys?.id.kid,
      keys?.access.kid,
    ];
    pool.rotateSigningKeys(rotated[0]);
    assert.deepEqual(kids(), [...kidsOf(rotated[0]), ...former]);
    pool.rotateSigningKeys(rotated[1]);
    assert.deepEqual(kids(), [...kidsOf(rotated[1]), ...kidsOf(rotated[0]), ...former]);
    const { AccessToken, IdToken } = pool.issueTokens({ username: "bob", clientId: "publicclient1" });
    assert.deepEqual([decode(IdToken).header.kid, decode(AccessToken).header.kid], kidsOf(rotated[1]));
    pool.retireFormerSigningKeys();
    assert.deepEqual(kids(), kidsOf(rotated[1]));
  });

  it("makes the keys of a rotation when given none", () => {
    const pool = createPool();
    pool.rotateSigningKeys();
    assert.equal(new Set(pool.jwks().keys.map(({ kid }) => kid)).size, 4);
  });

  it("issues access tokens with Cognito's header and claims, and no others", () => {
    const pool = createPool();
    const { AccessToken } = pool.issueTokens({ username: "alice", clientId: "publicclient1" });
    const { header, claims } = decode(AccessToken);
    assert.deepEqual(Object.entries(header), [
      ["kid", signingKeys.access.kid],
      ["alg", "RS256"],
    ]);
    const [sub, origin_jti, event_id, jti] = takeUuids(claims, "sub", "origin_jti", "event_id", "jti");
    assert.deepEqual(claims, {
      sub,
      "cognito:groups": ["admins"],
      iss: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_LocalPool",
      client_id: "publicclient1",
      origin_jti,
      event_id,
      token_use: "access",
      scope: "aws.cognito.signin.user.admin",
      auth_time: nowSeconds,
      exp: nowSeconds + 3600,
      iat: nowSeconds,
      jti,
      username: "alice",
    });
    assert.equal(new Set([sub, origin_jti, event_id, jti]).size, 4);
  });

  it("issues ID tokens with Cognito's header and claims, and no others", () => {
    const pool = createPool();
    const { IdToken } = pool.issueTokens({ username: "alice", clientId: "publicclient1" });
    const { header, claims } = decode(IdToken);
    assert.deepEqual(Object.entries(header), [
      ["kid", signingKeys.id.kid],
      ["alg", "RS256"],
    ]);
    const [sub, origin_jti, event_id, jti] = takeUuids(claims, "sub", "origin_jti", "event_id", "jti");
    assert.deepEqual(claims, {
      sub,
      "cognito:groups": ["admins"],
      email_verified: true,
      iss: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_LocalPool",
      "cognito:username": "alice",
      origin_jti,
      aud: "publicclient1",
      event_id,
      token_use: "id",
      auth_time: nowSeconds,
      exp: nowSeconds + 3600,
      iat: nowSeconds,
      jti,
      email: "alice@example.com",
    });
  });

  it("leaves out group and email claims of a user who has neither", () => {
    const { AccessToken, IdToken } = createPool().issueTokens({ username: "bob", clientId: "publicclient1" });
    assert.deepEqual(
      Object.keys(decode(AccessToken).claims).sort(),
      "auth_time client_id event_id exp iat iss jti origin_jti scope sub token_use username".split(" "),
    );
    assert.deepEqual(
      Object.keys(decode(IdToken).claims).sort(),
      "aud auth_time cognito:username event_id exp iat iss jti origin_jti sub token_use".split(" "),
    );
  });

  it("gives each user a sub that every sign-in repeats, and each sign-in its own session", () => {
    const pool = createPool();
    const claimsOf = (username: string) =>
      decode(pool.issueTokens({ username, clientId: "publicclient1" }).AccessToken).claims;
    const [first, second, bob] = [claimsOf("alice"), claimsOf("alice"), claimsOf("bob")];
    assert.equal(first.sub, second.sub);
    assert.notEqual(first.sub, bob.sub);
    assert.notEqual(first.origin_jti, second.origin_jti);
  });

  it("issues tokens that aws-jwt-verify verifies with the pool's keys", async () => {
    const pool = new UserPool({
      userPoolId: "us-east-1_LocalPool",
      clients: [{ clientId: "publicclient1" }],
      users: [{ username: "alice", password: "Alice-demo-1", groups: ["admins"] }],
      signingKeys,
    });
    const { AccessToken, IdToken } = pool.issueTokens({ username: "alice", clientId: "publicclient1" });
    for (const [tokenUse, token, other] of [
      ["access", AccessToken, IdToken],
      ["id", IdToken, AccessToken],
    ] as const) {
      const verifier = CognitoJwtVerifier.create({
        userPoolId: pool.id,
        tokenUse,
        clientId: "publicclient1",
      });
      verifier.cacheJwks(pool.jwks());
      assert.deepEqual({ ...(await verifier.verify(token)) }, decode(token).claims);
      await assert.rejects(verifier.verify(other), CognitoJwtInvalidTokenUseError);
    }
  });

  it("refuses to issue tokens for a user or client that it does not have", () => {
    const pool = createPool();
    assert.throws(() => pool.issueTokens({ username: "carol", clientId: "publicclient1" }), {
      message: "user pool us-east-1_LocalPool has no user carol",
    });
    assert.throws(() => pool.issueTokens({ username: "alice", clientId: "other" }), {
      message: "user pool us-east-1_LocalPool has no client other",
    });
  });

  it("takes the same password from two users, and from each only their own", () => {
    const pool = new UserPool({
      userPoolId: "us-east-1_LocalPool",
      clients: [],
      users: [
        { username: "alice", password: "Same-demo-1", groups: [] },
        { username: "bob", password: "Other-demo-1", groups: [] },
      ],
      signingKeys,
    });
    assert.deepEqual(
      pool.users.map((user) => ["Same-demo-1", "Other-demo-1", ""].map((text) => user.hasPassword(text))),
      [
        [true, false, false],
        [false, true, false],
      ],
    );
  });

  it("has the groups that its users are given, each once", () => {
    const pool = new UserPool({
      userPoolId: "us-east-1_LocalPool",
      clients: [],
      users: ["alice", "bob"].map((username) => ({
        username,
        password: "Same-demo-1",
        groups: ["admins", username],
      })),
      signingKeys,
    });
    assert.deepEqual(
      pool.groups.map(({ name }) => name),
      ["admins", "alice", "bob"],
    );
  });

  it("takes other clients for those that it was given, but keeps what was set or created through the API", () => {
    const pool = createPool();
    const ids = () => pool.clients.map(({ clientId }) => clientId);
    const [first] = pool.clients;
    assert.ok(first);
    const settings = { ...first.settings, AccessTokenValidity: 2 };
    pool.putClient({ ...first, settings });
    pool.putClient({ clientId: "created", settings });
    pool.replaceClients([{ clientId: "publicclient1" }, { clientId: "added", clientSecret: "a secret" }]);
    assert.deepEqual(ids(), ["publicclient1", "created", "added"]);
    assert.equal(pool.findClient("publicclient1")?.settings.AccessTokenValidity, 2);
    assert.equal(pool.findClient("added")?.clientSecret, "a secret");
    pool.replaceClients([{ clientId: "publicclient1", clientSecret: "another" }]);
    assert.deepEqual(ids(), ["publicclient1", "created"]);
    assert.equal(pool.findClient("publicclient1")?.clientSecret, "another");
  });
});
