import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { expectSecretHash, secretHash, verifySecretHash } from "../../local/user-pool/secret-hash.ts";

const client = { clientId: "secretclient1", clientSecret: "localsecret1" };
const publicClient = { clientId: "publicclient1" };

describe("SECRET_HASH", () => {
  it("is the base64 HMAC-SHA256 of user name and client id", () => {
    const expected = createHmac("sha256", "localsecret1").update("alicesecretclient1").digest("base64");
    assert.equal(secretHash("localsecret1", "alice", "secretclient1"), expected);
  });

  it("is what the openssl command line computes", function () {
    const openssl = spawnSync("openssl", ["dgst", "-sha256", "-hmac", "localsecret1", "-binary"], {
      input: "alicesecretclient1",
    });
    if (openssl.error) {
      console.log("      openssl is not on the PATH");
      this.skip();
    }
    assert.equal(
      secretHash("localsecret1", "alice", "secretclient1"),
      Buffer.from(openssl.stdout).toString("base64"),
    );
  });

  it("must come from a client with a secret", () => {
    assert.throws(() => expectSecretHash(client, undefined), {
      code: "NotAuthorizedException",
      message: "Client secretclient1 is configured with secret but SECRET_HASH was not received",
    });
    expectSecretHash(client, "any");
  });

  it("must not come from a client without one", () => {
    assert.throws(() => expectSecretHash(publicClient, "any"), {
      code: "InvalidParameterException",
      message: "App client publicclient1 is not configured for secret but secret hash was received",
    });
    expectSecretHash(publicClient, undefined);
  });

  it("verifies over any of the given names and no other", () => {
    verifySecretHash(client, ["bob", "alice"], secretHash("localsecret1", "alice", "secretclient1"));
    const refused = {
      code: "NotAuthorizedException",
      message: "Unable to verify secret hash for client secretclient1",
    };
    const ofAlice = secretHash("localsecret1", "alice", "secretclient1");
    assert.throws(() => verifySecretHash(client, ["bob"], ofAlice), refused);
    assert.throws(() => verifySecretHash(client, ["alice"], ofAlice.slice(0, -1)), refused);
    assert.throws(() => verifySecretHash(client, ["alice"], undefined), refused);
  });
});
