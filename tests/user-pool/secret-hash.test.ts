import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { checkSecretHash, secretHash } from "../../local/user-pool/secret-hash.ts";
import { skipWithout } from "../skip-without.ts";

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
    skipWithout(this, openssl.error ? undefined : openssl, "openssl is not on the PATH");
    assert.equal(
      secretHash("localsecret1", "alice", "secretclient1"),
      Buffer.from(openssl.stdout).toString("base64"),
    );
  });

  const ofAlice = secretHash("localsecret1", "alice", "secretclient1");

  it("must come from a client with a secret", () => {
    const code = "NotAuthorizedException";
    assert.throws(() => checkSecretHash(client, ["alice"], undefined), {
      code,
      message: "Client secretclient1 is configured with secret but SECRET_HASH was not received",
    });
    const missing = "configured for secret but secret was not received";
    assert.throws(() => checkSecretHash(client, ["alice"], undefined, missing), {
      code,
      message: "Client secretclient1 is configured for secret but secret was not received",
    });
    checkSecretHash(client, ["alice"], ofAlice);
  });

  it("must not come from a client without one", () => {
    assert.throws(() => checkSecretHash(publicClient, ["alice"], "any"), {
      code: "InvalidParameterException",
      message: "App client publicclient1 is not configured for secret but secret hash was received",
    });
    checkSecretHash(publicClient, ["alice"], undefined);
  });

  it("is good over any of the given names and no other", () => {
    checkSecretHash(client, ["bob", "alice"], ofAlice);
    const refused = {
      code: "NotAuthorizedException",
      message: "Unable to verify secret hash for client secretclient1",
    };
    assert.throws(() => checkSecretHash(client, ["bob"], ofAlice), refused);
    assert.throws(() => checkSecretHash(client, ["alice"], ofAlice.slice(0, -1)), refused);
    assert.throws(() => checkSecretHash(client, ["alice"], ""), refused);
    assert.throws(() => checkSecretHash(client, [], ofAlice), refused);
  });
});
