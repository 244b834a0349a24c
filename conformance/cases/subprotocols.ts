import assert from "node:assert/strict";
import { fact } from "../conformance-case.ts";
import { bearer, offering, upgrade } from "../upgrade.ts";

/** What is offered beside the token, and what the answer names. */
const chosen: readonly [what: string, offers: (token: string) => string[], expected: string | undefined][] = [
  ["one protocol before the token", (token) => ["app.v1", token], "app.v1"],
  ["one protocol after the token", (token) => [token, "app.v1"], "app.v1"],
  ["two protocols before the token", (token) => ["app.v2", "app.v1", token], "app.v2"],
  ["protocols around the token", (token) => ["app.v2", token, "app.v1"], "app.v2"],
  ["two protocols after the token", (token) => [token, "app.v1", "app.v2"], "app.v1"],
  ["the token alone", (token) => [token], undefined],
];

/** Offers that hold no token, or more than one. */
const refused: readonly [what: string, offers: (token: string) => string[]][] = [
  ["a protocol and no token", () => ["app.v1"]],
  ["the prefix bearer. without a token", () => ["app.v1", "bearer."]],
  ["the word bearer without a token", () => ["app.v1", "bearer"]],
  ["a token without the prefix bearer.", (token) => ["app.v1", token]],
  ["a token behind the prefix in upper case", (token) => ["app.v1", `BEARER.${token}`]],
  ["a token behind another prefix", (token) => ["app.v1", `token.${token}`]],
  ["a token behind bearer-", (token) => ["app.v1", `bearer-${token}`]],
  ["a token behind the prefix twice", (token) => ["app.v1", `bearer.bearer.${token}`]],
  ["the same token twice", (token) => ["app.v1", `bearer.${token}`, `bearer.${token}`]],
  ["a good token before junk", (token) => ["app.v1", `bearer.${token}`, "bearer.junk"]],
  ["a good token after junk", (token) => ["app.v1", "bearer.junk", `bearer.${token}`]],
  ["a good token after an empty one", (token) => ["app.v1", "bearer.", `bearer.${token}`]],
];

export const subprotocolCases = [
  ...chosen.map(([what, offers, expected]) =>
    fact(`of ${what}, the answer names ${expected ?? "none"}`, "this project", async (target) => {
      const headers = [offering(...offers(`bearer.${target.token}`))];
      const answer = await upgrade(target, { headers });
      assert.deepEqual([answer.status, answer.headers["sec-websocket-protocol"]], [101, expected]);
    }),
  ),
  fact("a client that offers no subprotocol gets none", "documented", async (target) => {
    const { headers } = await upgrade(target, { headers: [bearer(target.token)] });
    assert.equal(headers["sec-websocket-protocol"], undefined);
  }),
  fact("the answer names the subprotocol of a client with a header too", "documented", async (target) => {
    const { headers } = await upgrade(target, {
      headers: [bearer(target.token), offering("app.v1", "app.v2")],
    });
    assert.equal(headers["sec-websocket-protocol"], "app.v1");
  }),
  fact("no header of the answer repeats the token", "this project", async (target) => {
    const { status, headers } = await upgrade(target, {
      headers: [offering("app.v1", `bearer.${target.token}`)],
    });
    assert.equal(status, 101);
    assert.equal(JSON.stringify(headers).includes(target.token), false, "the token is in the answer");
  }),
  ...["sec-websocket-protocol", "SEC-WEBSOCKET-PROTOCOL", "Sec-Websocket-Protocol"].map((name) =>
    fact(`offers under the name ${name} are read`, "observed", async (target) => {
      const [, value] = offering("app.v1", `bearer.${target.token}`);
      const answer = await upgrade(target, { headers: [[name, value]] });
      assert.deepEqual([answer.status, answer.headers["sec-websocket-protocol"]], [101, "app.v1"]);
    }),
  ),
  ...[",", " , ", ",   "].map((comma) =>
    fact(`offers may stand apart by ${JSON.stringify(comma)}`, "this project", async (target) => {
      const offers = ["Sec-WebSocket-Protocol", `app.v1${comma}bearer.${target.token}`] as const;
      const answer = await upgrade(target, { headers: [offers] });
      assert.deepEqual([answer.status, answer.headers["sec-websocket-protocol"]], [101, "app.v1"]);
    }),
  ),
  ...refused.map(([what, offers]) =>
    fact(`${what} among the subprotocols gets 401`, "this project", async (target) => {
      assert.equal((await upgrade(target, { headers: [offering(...offers(target.token))] })).status, 401);
    }),
  ),
  ...(
    [
      ["the same token in the header and among the subprotocols", (token) => [token, token]],
      ["a good token in the header and junk among the subprotocols", (token) => [token, "junk"]],
      ["junk in the header and a good token among the subprotocols", (token) => ["junk", token]],
    ] satisfies [string, (token: string) => [string, string]][]
  ).map(([what, tokens]) =>
    fact(`${what} gets 401`, "this project", async (target) => {
      const [inHeader, offered] = tokens(target.token);
      const headers = [bearer(inHeader), offering("app.v1", `bearer.${offered}`)];
      assert.equal((await upgrade(target, { headers })).status, 401);
    }),
  ),
];
