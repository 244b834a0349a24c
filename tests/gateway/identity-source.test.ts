import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { hasIdentity } from "../../local/gateway/identity-source.ts";
import { api, handshake } from "./api-fixture.ts";

describe("an identity source", () => {
  const header = "route.request.header.Authorization";
  const query = "route.request.querystring.token";

  it("finds a header whatever the case of its name", () => {
    for (const name of ["Authorization", "authorization", "AUTHORIZATION"])
      assert.equal(hasIdentity(header, { ...handshake, headers: { [name]: ["token"] } }, api), true);
    const lowerCase = "route.request.header.authorization";
    assert.equal(hasIdentity(lowerCase, { ...handshake, headers: { Authorization: ["token"] } }, api), true);
  });

  it("misses a header that is absent or empty", () => {
    for (const headers of [
      {},
      { Authorization: [] },
      { Authorization: [""] },
      { "X-Authorization": ["token"] },
    ])
      assert.equal(hasIdentity(header, { ...handshake, headers }, api), false);
  });

  it("finds a query parameter by its exact name", () => {
    assert.equal(hasIdentity(query, { ...handshake, query: { token: ["token"] } }, api), true);
    for (const parameters of [{}, { token: [""] }, { Token: ["token"] }])
      assert.equal(hasIdentity(query, { ...handshake, query: parameters }, api), false);
  });

  it("finds a stage variable that the stage has", () => {
    const blue = { ...api, stageVariables: { color: "blue", empty: "" } };
    assert.equal(hasIdentity("stageVariables.color", handshake, blue), true);
    assert.equal(hasIdentity("stageVariables.empty", handshake, blue), false);
    assert.equal(hasIdentity("stageVariables.color", handshake, api), false);
  });

  it("finds what every request has in its context", () => {
    assert.equal(hasIdentity("context.identity.sourceIp", handshake, api), true);
  });

  it("finds nothing that the client did not send under a prototype's name", () => {
    assert.equal(hasIdentity("route.request.header.constructor", handshake, api), false);
    assert.equal(hasIdentity("route.request.querystring.constructor", handshake, api), false);
    assert.equal(hasIdentity("stageVariables.constructor", handshake, api), false);
  });
});
