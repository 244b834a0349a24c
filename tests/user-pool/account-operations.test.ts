import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { signToken } from "../../local/user-pool/sign-token.ts";
import { generateSigningKeys } from "../../local/user-pool/signing-keys.ts";
import {
  claimsOf,
  done,
  type LocalCognito,
  notAuthorized,
  outcomeOf,
  publicClient,
  refusal,
  resultOf,
  startLocalCognito,
  startTimeSeconds,
  unknownUser,
} from "./local-cognito.ts";

describe("the holder of an access token", () => {
  let cognito: LocalCognito;

  beforeEach(async () => {
    cognito = await startLocalCognito();
  });

  afterEach(() => cognito.server.close());

  const issueTokens = (username = "alice") =>
    cognito.pool.issueTokens({ username, clientId: publicClient.clientId });
  const call = async (operation: string, input: object) => outcomeOf(await cognito.call(operation, input));
  const getUser = (AccessToken: string) => call("GetUser", { AccessToken });
  const subOf = (username: string) => cognito.pool.findUser(username)?.sub;

  it("learns who they are", async () => {
    assert.deepEqual(await getUser(issueTokens("alice").AccessToken), [
      200,
      {
        UserAttributes: [
          { Name: "email", Value: "alice@example.com" },
          { Name: "email_verified", Value: "true" },
          { Name: "sub", Value: subOf("alice") },
        ],
        Username: "alice",
      },
    ]);
    assert.deepEqual(await getUser(issueTokens("bob").AccessToken), [
      200,
      { UserAttributes: [{ Name: "sub", Value: subOf("bob") }], Username: "bob" },
    ]);
  });

  it("is refused with a token that is malformed, forged, foreign, expired or without the scope", async () => {
    const { AccessToken, IdToken } = issueTokens();
    const claims = claimsOf(AccessToken);
    const { access } = cognito.pool.signingKeys;
    const forge = (changes: object, header = {}) => signToken({ ...claims, ...changes }, access, header);
    const stranger = { ...generateSigningKeys().access, kid: access.kid };
    const badSignature = notAuthorized("Could not verify signature for Access Token");
    const badToken = notAuthorized("Invalid Access Token");
    for (const [token, expected] of [
      [forge({}), [200, (await cognito.call("GetUser", { AccessToken })).body]],
      ["made-up", badToken],
      [`${AccessToken.split(".")[0]}.bm90IGpzb24.c2ln`, badToken],
      [signToken(claims, stranger), badSignature],
      [forge({}, { kid: "other" }), badSignature],
      [forge({}, { alg: "none" }), badSignature],
      [IdToken, badSignature],
      [forge({ token_use: "id" }), badToken],
      [forge({ iss: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other" }), badToken],
      [forge({ username: "carol" }), unknownUser],
      [forge({ sub: subOf("bob") }), unknownUser],
      [forge({ exp: startTimeSeconds }), notAuthorized("Access Token has expired")],
      [forge({ exp: undefined }), notAuthorized("Access Token has expired")],
      [forge({ scope: "openid" }), notAuthorized("Access Token does not have required scopes")],
    ] as const) {
      assert.deepEqual(await getUser(token), expected);
    }
  });

  it("is known after a rotation of keys until the former keys are retired", async () => {
    const { AccessToken } = issueTokens();
    cognito.pool.rotateSigningKeys();
    assert.equal((await getUser(AccessToken))[0], 200);
    assert.equal((await getUser(issueTokens().AccessToken))[0], 200);
    cognito.pool.retireFormerSigningKeys();
    assert.deepEqual(
      await getUser(AccessToken),
      notAuthorized("Could not verify signature for Access Token"),
    );
  });

  it("changes the password, with the previous one", async () => {
    const { AccessToken, RefreshToken } = issueTokens();
    const change = (PreviousPassword: string | undefined, ProposedPassword: string) =>
      call("ChangePassword", { AccessToken, PreviousPassword, ProposedPassword });
    const wrong = notAuthorized("Incorrect username or password.");
    assert.deepEqual(await change("Bob-demo-1", "Alice-demo-2"), wrong);
    assert.deepEqual(await change(undefined, "Alice-demo-2"), wrong);
    assert.deepEqual(
      await change("Alice-demo-1", "alice-demo-2"),
      refusal(
        "InvalidPasswordException",
        "Password does not conform to policy: Password must have uppercase characters",
      ),
    );
    assert.equal((await cognito.signIn("alice", "Alice-demo-1")).status, 200);
    assert.deepEqual(await change("Alice-demo-1", "Alice-demo-2"), done);
    assert.deepEqual(outcomeOf(await cognito.signIn("alice", "Alice-demo-1")), wrong);
    resultOf(await cognito.signIn("alice", "Alice-demo-2"));
    assert.equal((await cognito.refresh(RefreshToken))[0], 200);
  });

  it("signs out of every session, and nobody else", async () => {
    const [first, second, bob] = [issueTokens(), issueTokens(), issueTokens("bob")];
    assert.deepEqual(await call("GlobalSignOut", { AccessToken: first.AccessToken }), done);
    for (const { AccessToken, RefreshToken } of [first, second]) {
      assert.deepEqual(await getUser(AccessToken), notAuthorized("Access Token has been revoked"));
      assert.deepEqual(await cognito.refresh(RefreshToken), notAuthorized("Refresh Token has been revoked"));
    }
    assert.equal((await getUser(bob.AccessToken))[0], 200);
    assert.equal((await cognito.refresh(bob.RefreshToken))[0], 200);
    assert.equal((await getUser(issueTokens().AccessToken))[0], 200);
  });
});
