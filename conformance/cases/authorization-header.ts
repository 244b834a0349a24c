import assert from "node:assert/strict";
import { fact } from "../conformance-case.ts";
import { bearer, statusOf, upgrade } from "../upgrade.ts";

/** Spellings of the header that hold the token. */
const accepted: readonly [what: string, header: (token: string) => readonly [string, string]][] = [
  ["as bearer token", (token) => ["Authorization", `Bearer ${token}`]],
  ["raw, as the original pattern has it", (token) => ["Authorization", token]],
  ["under a name in lower case", (token) => ["authorization", `Bearer ${token}`]],
  ["under a name in upper case", (token) => ["AUTHORIZATION", `Bearer ${token}`]],
  ["under a name in mixed case", (token) => ["aUTHORIZATION", `Bearer ${token}`]],
  ["raw under a name in lower case", (token) => ["authorization", token]],
  ["with the scheme in lower case", (token) => ["Authorization", `bearer ${token}`]],
  ["with the scheme in upper case", (token) => ["Authorization", `BEARER ${token}`]],
  ["with the scheme in mixed case", (token) => ["Authorization", `bEARER ${token}`]],
];

/** Spellings that do not, and places that are no source of tokens. */
const refused: readonly [what: string, header: (token: string) => readonly [string, string]][] = [
  ["an empty Authorization header", () => ["Authorization", ""]],
  ["a scheme without a token", () => ["Authorization", "Bearer"]],
  ["the scheme Basic", (token) => ["Authorization", `Basic ${token}`]],
  ["the scheme Token", (token) => ["Authorization", `Token ${token}`]],
  ["the scheme Bearer twice", (token) => ["Authorization", `Bearer Bearer ${token}`]],
  ["two spaces after the scheme", (token) => ["Authorization", `Bearer  ${token}`]],
  ["a tab after the scheme", (token) => ["Authorization", `Bearer\t${token}`]],
  ["a colon after the scheme", (token) => ["Authorization", `Bearer: ${token}`]],
  ["an equals sign after the scheme", (token) => ["Authorization", `Bearer=${token}`]],
  ["the scheme behind the token", (token) => ["Authorization", `${token} Bearer`]],
  ["two tokens with a space", (token) => ["Authorization", `Bearer ${token} ${token}`]],
  ["two tokens with a comma", (token) => ["Authorization", `Bearer ${token}, Bearer ${token}`]],
  ["a comma after the token", (token) => ["Authorization", `Bearer ${token},`]],
  ["a semicolon after the token", (token) => ["Authorization", `Bearer ${token};`]],
  ["a token in quotes", (token) => ["Authorization", `Bearer "${token}"`]],
  ["a parameter with the token", (token) => ["Authorization", `Bearer token="${token}"`]],
  ["a token in X-Authorization", (token) => ["X-Authorization", `Bearer ${token}`]],
  ["a token in Proxy-Authorization", (token) => ["Proxy-Authorization", `Bearer ${token}`]],
  ["a token in a cookie", (token) => ["Cookie", `Authorization=${token}; token=${token}`]],
  ["a token in X-Amz-Security-Token", (token) => ["X-Amz-Security-Token", token]],
];

export const authorizationHeaderCases = [
  fact("a handshake without a token gets 401", "documented", async (target) => {
    assert.equal(await statusOf(target), 401);
  }),
  ...accepted.map(([what, header]) =>
    fact(`a token ${what} opens a connection`, "this project", async (target) => {
      assert.equal(await statusOf(target, header(target.token)), 101);
    }),
  ),
  ...refused.map(([what, header]) =>
    fact(`${what} gets 401`, "this project", async (target) => {
      assert.equal(await statusOf(target, header(target.token)), 401);
    }),
  ),
  fact("the same token in two spellings of the header's name gets 401", "unconfirmed", async (target) => {
    const other = ["authorization", `Bearer ${target.token}`] as const;
    assert.equal(await statusOf(target, bearer(target.token), other), 401);
  }),
  ...["token", "access_token", "Authorization", "authorization"].map((name) =>
    fact(`a token in the query as ${name} gets 401, as that is no source`, "this project", async (target) => {
      assert.equal((await upgrade(target, { url: `${target.url}?${name}=${target.token}` })).status, 401);
    }),
  ),
];
