import assert from "node:assert/strict";
import { verify } from "node:crypto";
import { signToken } from "../../local/user-pool/sign-token.ts";
import { generateSigningKeys } from "../../local/user-pool/signing-keys.ts";

const { access: key } = generateSigningKeys();

function decode(part: string | undefined): unknown {
  return JSON.parse(Buffer.from(part ?? "", "base64url").toString());
}

describe("signToken", () => {
  it("signs the claims as they are under Cognito's header", () => {
    const [header, payload, signature] = signToken({ sub: "1", any: ["thing"] }, key).split(".");
    assert.equal(
      Buffer.from(header ?? "", "base64url").toString(),
      JSON.stringify({ kid: key.kid, alg: "RS256" }),
    );
    assert.deepEqual(decode(payload), { sub: "1", any: ["thing"] });
    const signed = Buffer.from(`${header}.${payload}`);
    assert.ok(verify("sha256", signed, key.publicKey, Buffer.from(signature ?? "", "base64url")));
  });

  it("replaces, adds and leaves out header members", () => {
    const [header] = signToken({}, key, { alg: "none", kid: undefined, typ: "JWT" }).split(".");
    assert.deepEqual(decode(header), { alg: "none", typ: "JWT" });
  });
});
