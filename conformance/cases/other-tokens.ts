import assert from "node:assert/strict";
import { fact, factWith } from "../conformance-case.ts";
import { claimsOf, partsOf } from "../token-claims.ts";
import { bearer, offering, statusOf } from "../upgrade.ts";

export const otherTokenCases = [
  factWith("idToken")(
    "an ID token gets 401 where access tokens are wanted",
    "this project",
    async (target) => {
      assert.equal(await statusOf(target, bearer(target.idToken)), 401);
    },
  ),
  factWith("idToken")("an ID token among the subprotocols gets 401 too", "this project", async (target) => {
    assert.equal(await statusOf(target, offering("app.v1", `bearer.${target.idToken}`)), 401);
  }),
  factWith("idToken")(
    "an access token with the signature of an ID token gets 401",
    "this project",
    async (target) => {
      const [header, payload] = partsOf(target.token);
      const [, , signature] = partsOf(target.idToken);
      assert.equal(await statusOf(target, bearer(`${header}.${payload}.${signature}`)), 401);
    },
  ),
  factWith("idToken")(
    "an access token under the header of an ID token gets 401",
    "this project",
    async (target) => {
      const [, payload, signature] = partsOf(target.token);
      const [header] = partsOf(target.idToken);
      assert.equal(await statusOf(target, bearer(`${header}.${payload}.${signature}`)), 401);
    },
  ),
  factWith("expiredToken")("an expired token gets 401", "this project", async (target) => {
    assert.equal(await statusOf(target, bearer(target.expiredToken)), 401);
  }),
  factWith("expiredToken")(
    "an expired token with a later expiry gets 401",
    "this project",
    async (target) => {
      const [header, , signature] = partsOf(target.expiredToken);
      const claims = { ...claimsOf(target.expiredToken), exp: claimsOf(target.token).exp };
      const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
      assert.equal(await statusOf(target, bearer(`${header}.${payload}.${signature}`)), 401);
    },
  ),
  factWith("otherClientToken")(
    "a token of the same pool for another app client gets 401",
    "this project",
    async (target) => {
      assert.equal(await statusOf(target, bearer(target.otherClientToken)), 401);
    },
  ),
  factWith("forbiddenToken")(
    "a good token of a user who may not connect gets 403",
    "documented",
    async (target) => {
      assert.equal(await statusOf(target, bearer(target.forbiddenToken)), 403);
    },
  ),
  factWith("forbiddenToken")(
    "a good token of a user who may not connect gets 403 among the subprotocols too",
    "documented",
    async (target) => {
      assert.equal(await statusOf(target, offering("app.v1", `bearer.${target.forbiddenToken}`)), 403);
    },
  ),
  fact("a token opens as many connections as its bearer likes", "documented", async (target) => {
    const statuses = await Promise.all([1, 2, 3].map(() => statusOf(target, bearer(target.token))));
    assert.deepEqual(statuses, [101, 101, 101]);
  }),
];
