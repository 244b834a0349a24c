import assert from "node:assert/strict";
import { createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { fact, factWith } from "../conformance-case.ts";
import type { TargetWith } from "../target.ts";
import { claimsOf, headerOf, partsOf } from "../token-claims.ts";

type PoolTarget = TargetWith<"userPoolEndpoint">;

const pool = factWith("userPoolEndpoint");
const issuerForm =
  /^https:\/\/(issuer-)?cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/([a-z0-9-]+_[0-9A-Za-z]+)$/;
const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function signingKeys({
  userPoolEndpoint,
  token,
}: PoolTarget): Promise<(JsonWebKey & { kid: string })[]> {
  const [, , , poolId] = issuerForm.exec(String(claimsOf(token).iss)) ?? [];
  const response = await fetch(`${userPoolEndpoint}/${poolId}/.well-known/jwks.json`);
  return ((await response.json()) as { keys: (JsonWebKey & { kid: string })[] }).keys;
}

/** Calls the Cognito API without AWS credentials, and tells the status with the answer. */
async function call({ userPoolEndpoint }: PoolTarget, operation: string, input: object) {
  const response = await fetch(userPoolEndpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: JSON.stringify(input),
  });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

export const userPoolCases = [
  fact("an access token's header has kid and alg, and alg is RS256", "observed", async ({ token }) => {
    const { kid, ...rest } = headerOf(token);
    assert.equal(typeof kid, "string");
    assert.deepEqual(rest, { alg: "RS256" });
  }),
  fact("an access token names its pool as issuer", "documented", async ({ token }) => {
    assert.match(String(claimsOf(token).iss), issuerForm);
  }),
  fact(
    "an access token names its app client as client_id, and has no aud",
    "documented",
    async ({ token }) => {
      const { client_id, aud } = claimsOf(token);
      assert.match(String(client_id), /^[\w+]{1,128}$/);
      assert.equal(aud, undefined);
    },
  ),
  fact("an access token lives 5 minutes to a day", "documented", async ({ token }) => {
    const { iat, exp } = claimsOf(token);
    const seconds = Number(exp) - Number(iat);
    assert.ok(seconds >= 300 && seconds <= 86_400, `${seconds} seconds`);
  }),
  fact("an access token's sub is a UUID", "documented", async ({ token }) => {
    assert.match(String(claimsOf(token).sub), uuidForm);
  }),
  fact("an access token has the ids jti and origin_jti", "documented", async ({ token }) => {
    const { jti, origin_jti } = claimsOf(token);
    for (const id of [jti, origin_jti]) assert.match(String(id), uuidForm);
  }),
  factWith("idToken")(
    "an ID token names its app client as aud, and has no client_id",
    "documented",
    async (target) => {
      const { aud, client_id } = claimsOf(target.idToken);
      assert.match(String(aud), /^[\w+]{1,128}$/);
      assert.equal(client_id, undefined);
    },
  ),
  factWith("idToken")("an ID token names its user as cognito:username", "documented", async (target) => {
    const { "cognito:username": name, username } = claimsOf(target.idToken);
    assert.equal(typeof name, "string");
    assert.equal(username, undefined);
  }),
  factWith("idToken")("ID and access tokens are signed with two keys", "observed", async (target) => {
    assert.notEqual(headerOf(target.idToken).kid, headerOf(target.token).kid);
  }),
  pool("a pool publishes two keys, each RSA for signing with RS256", "observed", async (target) => {
    const keys = (await signingKeys(target)).map(({ kty, use, alg, e }) => ({ kty, use, alg, e }));
    const key = { kty: "RSA", use: "sig", alg: "RS256", e: "AQAB" };
    assert.deepEqual(keys, [key, key]);
  }),
  pool("a pool's published key verifies its access tokens", "documented", async (target) => {
    const { kid } = headerOf(target.token);
    const jwk = (await signingKeys(target)).find((key) => key.kid === kid);
    assert.ok(jwk, "the token's key is not published");
    const [header, payload, signature] = partsOf(target.token);
    const key = createPublicKey({ key: jwk, format: "jwk" });
    const isGood = verify(
      "sha256",
      Buffer.from(`${header}.${payload}`),
      key,
      Buffer.from(signature, "base64url"),
    );
    assert.equal(isGood, true);
  }),
  pool("GetUser tells whose access token it is", "documented", async (target) => {
    const { username, sub } = claimsOf(target.token);
    const { status, answer } = await call(target, "GetUser", { AccessToken: target.token });
    assert.deepEqual([status, answer.Username], [200, username]);
    const attributes = answer.UserAttributes as { Name: string; Value: string }[];
    assert.deepEqual(
      attributes.filter(({ Name }) => Name === "sub"),
      [{ Name: "sub", Value: sub }],
    );
  }),
  pool("GetUser refuses an access token whose signature is damaged", "documented", async (target) => {
    const AccessToken = target.token.replace(
      /\.[^.]+$/,
      (signature) => `.${signature.slice(1).split("").reverse().join("")}`,
    );
    const { status, answer } = await call(target, "GetUser", { AccessToken });
    assert.deepEqual([status, answer.__type], [400, "NotAuthorizedException"]);
  }),
  pool("an app client that is not there is not found", "documented", async (target) => {
    const { status, answer } = await call(target, "InitiateAuth", {
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: "0000000000000000000000000",
      AuthParameters: { USERNAME: "nobody", PASSWORD: "Nothing-1" },
    });
    assert.deepEqual([status, answer.__type], [400, "ResourceNotFoundException"]);
  }),
  pool("an operation that does not exist is unknown", "observed", async (target) => {
    const { status, answer } = await call(target, "NoSuchOperation", {});
    assert.deepEqual([status, answer.__type], [400, "UnknownOperationException"]);
  }),
  pool("an administrator's operation needs a signature", "documented", async (target) => {
    const { status, answer } = await call(target, "AdminGetUser", {
      UserPoolId: "us-east-1_x",
      Username: "x",
    });
    assert.deepEqual([status, answer.__type], [400, "MissingAuthenticationTokenException"]);
  }),
];
