import assert from "node:assert/strict";
import { CognitoJwtVerifier } from "aws-jwt-verify";
import { nobodysPassword } from "../../local/user-pool/password-hash.ts";
import { secretHash } from "../../local/user-pool/secret-hash.ts";
import {
  claimsOf,
  hashFor,
  invalid,
  type LocalCognito,
  notAuthorized,
  outcomeOf,
  publicClient,
  type Reply,
  refusal,
  resultOf,
  secretClient,
  startLocalCognito,
  startTimeSeconds,
  userPoolId,
} from "./local-cognito.ts";

const aliceParameters = { USERNAME: "alice", PASSWORD: "Alice-demo-1" };
const aliceHash = hashFor("alice");

describe("InitiateAuth", () => {
  let cognito: LocalCognito;
  let signIn: (parameters: object, client?: { clientId: string }) => Promise<Reply>;
  let refresh: (parameters: object, client?: { clientId: string }) => Promise<Reply>;

  beforeEach(async () => {
    cognito = await startLocalCognito();
    signIn = (AuthParameters, { clientId } = publicClient) =>
      cognito.call("InitiateAuth", { AuthFlow: "USER_PASSWORD_AUTH", ClientId: clientId, AuthParameters });
    refresh = (AuthParameters, { clientId } = publicClient) =>
      cognito.call("InitiateAuth", { AuthFlow: "REFRESH_TOKEN_AUTH", ClientId: clientId, AuthParameters });
  });

  afterEach(() => cognito.server.close());

  it("answers the right password with tokens", async () => {
    const reply = await signIn(aliceParameters);
    const { AccessToken, IdToken, RefreshToken = "" } = resultOf(reply);
    assert.deepEqual(outcomeOf(reply), [
      200,
      {
        AuthenticationResult: { AccessToken, ExpiresIn: 3600, IdToken, RefreshToken, TokenType: "Bearer" },
        ChallengeParameters: {},
      },
    ]);
    assert.deepEqual(
      [claimsOf(AccessToken).token_use, claimsOf(IdToken).token_use, claimsOf(AccessToken).username],
      ["access", "id", "alice"],
    );
    const [header = "", ...parts] = RefreshToken.split(".");
    assert.deepEqual(JSON.parse(Buffer.from(header, "base64url").toString()), {
      cty: "JWT",
      enc: "A256GCM",
      alg: "RSA-OAEP",
    });
    assert.equal(parts.length, 4);
  });

  it("issues tokens that aws-jwt-verify verifies with the keys that the server publishes", async () => {
    cognito.time.seconds = Math.floor(Date.now() / 1000);
    const { AccessToken, IdToken } = resultOf(await signIn(aliceParameters));
    const jwks = (await cognito.get(`/${userPoolId}/.well-known/jwks.json`)).body;
    for (const [tokenUse, token] of [
      ["access", AccessToken],
      ["id", IdToken],
    ] as const) {
      const verifier = CognitoJwtVerifier.create({ userPoolId, tokenUse, clientId: publicClient.clientId });
      verifier.cacheJwks(jwks as Parameters<typeof verifier.cacheJwks>[0]);
      assert.equal((await verifier.verify(token)).sub, cognito.pool.findUser("alice")?.sub);
    }
  });

  it("refuses a wrong password", async () => {
    assert.deepEqual(
      outcomeOf(await signIn({ ...aliceParameters, PASSWORD: "Bob-demo-1" })),
      notAuthorized("Incorrect username or password."),
    );
  });

  it("refuses an unknown user, and says so unless the client hides who exists", async () => {
    const carol = { ...aliceParameters, USERNAME: "carol" };
    assert.deepEqual(
      outcomeOf(await signIn(carol)),
      refusal("UserNotFoundException", "User does not exist."),
    );
    await cognito.admin("UpdateUserPoolClient", {
      ClientId: publicClient.clientId,
      ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
      PreventUserExistenceErrors: "ENABLED",
    });
    assert.deepEqual(outcomeOf(await signIn(carol)), notAuthorized("Incorrect username or password."));
  });

  it("compares an unknown user's password as any other, so that the time does not tell who exists", async () => {
    const compared: string[] = [];
    nobodysPassword.matches = (password) => {
      compared.push(password);
      return Object.getPrototypeOf(nobodysPassword).matches.call(nobodysPassword, password);
    };
    await signIn({ USERNAME: "carol", PASSWORD: "Carol-demo-1" });
    await signIn(aliceParameters);
    Reflect.deleteProperty(nobodysPassword, "matches");
    assert.deepEqual(compared, ["Carol-demo-1"]);
  });

  it("refuses an unknown client", async () => {
    assert.deepEqual(
      outcomeOf(await signIn(aliceParameters, { clientId: "other" })),
      refusal("ResourceNotFoundException", "User pool client other does not exist."),
    );
  });

  it("names the missing parameter", async () => {
    const replies = await Promise.all([
      signIn({ PASSWORD: "Alice-demo-1" }),
      signIn({ USERNAME: "alice", PASSWORD: "" }),
      refresh({}),
      cognito.call("InitiateAuth", { AuthFlow: "USER_PASSWORD_AUTH", ClientId: publicClient.clientId }),
    ]);
    assert.deepEqual(
      replies.map(outcomeOf),
      ["USERNAME", "PASSWORD", "REFRESH_TOKEN", "USERNAME"].map((name) =>
        invalid(`Missing required parameter ${name}`),
      ),
    );
  });

  it("signs in a client with a secret that sends the right hash", async () => {
    const reply = await signIn({ ...aliceParameters, SECRET_HASH: aliceHash }, secretClient);
    assert.equal(reply.status, 200);
    assert.equal(claimsOf(resultOf(reply).AccessToken).client_id, secretClient.clientId);
  });

  it("refuses a missing, a wrong and an unexpected secret hash, even with the right password", async () => {
    const replies = await Promise.all([
      signIn(aliceParameters, secretClient),
      signIn({ USERNAME: "bob", PASSWORD: "Bob-demo-1", SECRET_HASH: aliceHash }, secretClient),
      signIn({ ...aliceParameters, SECRET_HASH: "" }, secretClient),
      signIn({ ...aliceParameters, SECRET_HASH: aliceHash }),
    ]);
    assert.deepEqual(replies.map(outcomeOf), [
      notAuthorized("Client secretclient1 is configured with secret but SECRET_HASH was not received"),
      notAuthorized("Unable to verify secret hash for client secretclient1"),
      notAuthorized("Unable to verify secret hash for client secretclient1"),
      invalid("App client publicclient1 is not configured for secret but secret hash was received"),
    ]);
  });

  it("refuses flows that belong elsewhere, are not enabled or do not exist", async () => {
    const start = (AuthFlow: string) =>
      cognito.call("InitiateAuth", {
        AuthFlow,
        ClientId: publicClient.clientId,
        AuthParameters: aliceParameters,
      });
    const replies = await Promise.all(
      ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH", "USER_SRP_AUTH", "constructor"].map(start),
    );
    assert.deepEqual(replies.map(outcomeOf), [
      invalid("Initiate Auth method not supported."),
      invalid("Initiate Auth method not supported."),
      invalid("USER_SRP_AUTH is not enabled for the client."),
      invalid(
        "1 validation error detected: Value 'constructor' at 'authFlow' failed to satisfy constraint: " +
          "Member must satisfy enum value set: [USER_SRP_AUTH, REFRESH_TOKEN_AUTH, REFRESH_TOKEN, CUSTOM_AUTH, " +
          "ADMIN_NO_SRP_AUTH, USER_PASSWORD_AUTH, ADMIN_USER_PASSWORD_AUTH, USER_AUTH]",
      ),
    ]);
  });

  it("refreshes with new tokens of the same session and no new refresh token", async () => {
    const first = resultOf(await signIn(aliceParameters));
    for (const AuthFlow of ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"]) {
      cognito.time.seconds += 1800;
      const reply = await cognito.call("InitiateAuth", {
        AuthFlow,
        ClientId: publicClient.clientId,
        AuthParameters: { REFRESH_TOKEN: first.RefreshToken },
      });
      const { AccessToken, IdToken } = resultOf(reply);
      assert.deepEqual(outcomeOf(reply), [
        200,
        {
          AuthenticationResult: { AccessToken, ExpiresIn: 3600, IdToken, TokenType: "Bearer" },
          ChallengeParameters: {},
        },
      ]);
      for (const [before, after] of [
        [claimsOf(first.AccessToken), claimsOf(AccessToken)],
        [claimsOf(first.IdToken), claimsOf(IdToken)],
      ] as const) {
        assert.notEqual(after.jti, before.jti);
        assert.deepEqual(after, {
          ...before,
          jti: after.jti,
          iat: cognito.time.seconds,
          exp: cognito.time.seconds + 3600,
        });
        assert.equal(before.auth_time, startTimeSeconds);
      }
    }
  });

  it("refreshes for a client with a secret over the user's name or sub", async () => {
    const { RefreshToken } = resultOf(
      await signIn({ ...aliceParameters, SECRET_HASH: aliceHash }, secretClient),
    );
    const hashOver = (name: string) => secretHash(secretClient.clientSecret, name, secretClient.clientId);
    const sub = cognito.pool.findUser("alice")?.sub ?? "";
    const replies = await Promise.all(
      [aliceHash, hashOver(sub), hashOver("bob"), undefined].map((SECRET_HASH) =>
        refresh({ REFRESH_TOKEN: RefreshToken, SECRET_HASH }, secretClient),
      ),
    );
    assert.deepEqual(
      replies.slice(0, 2).map(({ status }) => status),
      [200, 200],
    );
    assert.deepEqual(replies.slice(2).map(outcomeOf), [
      notAuthorized("Unable to verify secret hash for client secretclient1"),
      notAuthorized("Client secretclient1 is configured with secret but SECRET_HASH was not received"),
    ]);
  });

  it("refuses refresh tokens that are made up, of another client, revoked or 30 days old", async () => {
    const { RefreshToken } = resultOf(await signIn(aliceParameters));
    const ofOther = resultOf(await signIn({ ...aliceParameters, SECRET_HASH: aliceHash }, secretClient));
    const revoked = resultOf(await signIn(aliceParameters));
    await cognito.call("RevokeToken", { Token: revoked.RefreshToken, ClientId: publicClient.clientId });
    const outcome = async (token?: string) => outcomeOf(await refresh({ REFRESH_TOKEN: token }));
    assert.deepEqual(await outcome(revoked.AccessToken), notAuthorized("Invalid Refresh Token"));
    assert.deepEqual(
      await outcome(ofOther.RefreshToken),
      notAuthorized("Refresh Token has different Client"),
    );
    assert.deepEqual(await outcome(revoked.RefreshToken), notAuthorized("Refresh Token has been revoked"));
    cognito.time.seconds = startTimeSeconds + 30 * 24 * 3600 - 1;
    assert.equal((await outcome(RefreshToken))[0], 200);
    cognito.time.seconds += 1;
    assert.deepEqual(await outcome(RefreshToken), notAuthorized("Refresh Token has expired"));
  });

  it("reports each sign-in and refresh, without a secret or a name that the pool does not know", async () => {
    const { RefreshToken } = resultOf(await signIn(aliceParameters));
    await signIn({ ...aliceParameters, PASSWORD: "wrong" });
    await signIn({ USERNAME: "Alice-demo-1", PASSWORD: "alice" });
    await signIn(aliceParameters, { clientId: "other" });
    await refresh({ REFRESH_TOKEN: RefreshToken, USERNAME: "bob" });
    await refresh({ REFRESH_TOKEN: "made-up" });
    await cognito.call("GetUser", { AccessToken: "made-up" });
    const [operation, clientId] = ["InitiateAuth", "publicclient1"];
    assert.deepEqual(cognito.events, [
      { operation, username: "alice", clientId, outcome: "success" },
      { operation, username: "alice", clientId, outcome: "NotAuthorizedException" },
      { operation, username: undefined, clientId, outcome: "UserNotFoundException" },
      { operation, username: undefined, clientId: undefined, outcome: "ResourceNotFoundException" },
      { operation, username: "alice", clientId, outcome: "success" },
      { operation, username: undefined, clientId, outcome: "NotAuthorizedException" },
    ]);
  });
});

describe("AdminInitiateAuth", () => {
  let cognito: LocalCognito;
  let start: (AuthFlow: string, AuthParameters: object, pool?: string) => Promise<Reply>;

  beforeEach(async () => {
    cognito = await startLocalCognito();
    start = (AuthFlow, AuthParameters, UserPoolId = userPoolId) =>
      cognito.callSigned("AdminInitiateAuth", {
        UserPoolId,
        ClientId: publicClient.clientId,
        AuthFlow,
        AuthParameters,
      });
  });

  afterEach(() => cognito.server.close());

  it("signs in by either name of its password flow, and refreshes", async () => {
    for (const flow of ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"]) {
      const signedIn = await start(flow, aliceParameters);
      assert.equal(signedIn.status, 200);
      const { RefreshToken } = resultOf(signedIn);
      for (const refreshFlow of ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"]) {
        const refreshed = await start(refreshFlow, { REFRESH_TOKEN: RefreshToken });
        assert.equal(claimsOf(resultOf(refreshed).AccessToken).username, "alice");
      }
    }
    assert.deepEqual(cognito.events[0], {
      operation: "AdminInitiateAuth",
      username: "alice",
      clientId: "publicclient1",
      outcome: "success",
    });
  });

  it("refuses another pool, a wrong password and InitiateAuth's password flow", async () => {
    const replies = await Promise.all([
      start("ADMIN_USER_PASSWORD_AUTH", aliceParameters, "us-east-1_Other"),
      start("ADMIN_USER_PASSWORD_AUTH", { ...aliceParameters, PASSWORD: "wrong" }),
      start("USER_PASSWORD_AUTH", aliceParameters),
    ]);
    assert.deepEqual(replies.map(outcomeOf), [
      refusal("ResourceNotFoundException", "User pool us-east-1_Other does not exist."),
      notAuthorized("Incorrect username or password."),
      invalid("Initiate Auth method not supported."),
    ]);
  });
});
