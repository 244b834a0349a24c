import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import {
  claimsOf,
  done,
  type LocalCognito,
  notAuthorized,
  outcomeOf,
  publicClient,
  refusal,
  resultOf,
  secretClient,
  startLocalCognito,
  startTimeSeconds,
} from "./local-cognito.ts";

const { clientId: ClientId, clientSecret: ClientSecret } = secretClient;
const publicId = publicClient.clientId;
const otherSecret = "x".repeat(24);
const reused = refusal("RefreshTokenReuseException", "Refresh Token has been reused");

describe("a refresh token", () => {
  let cognito: LocalCognito;

  beforeEach(async () => {
    cognito = await startLocalCognito();
  });

  afterEach(() => cognito.server.close());

  const issueTokens = (clientId = publicId) => cognito.pool.issueTokens({ username: "alice", clientId });
  const call = async (operation: string, input: object) => outcomeOf(await cognito.call(operation, input));
  const getTokens = (input: object) => cognito.call("GetTokensFromRefreshToken", input);
  const getUser = (AccessToken: string) => call("GetUser", { AccessToken });
  const rotate = (RetryGracePeriodSeconds?: number) =>
    cognito.admin("UpdateUserPoolClient", {
      ClientId: publicId,
      ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
      RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds },
    });

  it("is revoked with its session, for Cognito itself too", async () => {
    const [revoked, kept] = [issueTokens(), issueTokens()];
    assert.deepEqual(await call("RevokeToken", { Token: revoked.RefreshToken, ClientId: publicId }), done);
    const gone = notAuthorized("Refresh Token has been revoked");
    assert.deepEqual(await cognito.refresh(revoked.RefreshToken), gone);
    assert.deepEqual(
      outcomeOf(await getTokens({ RefreshToken: revoked.RefreshToken, ClientId: publicId })),
      gone,
    );
    assert.deepEqual(await getUser(revoked.AccessToken), notAuthorized("Access Token has been revoked"));
    assert.equal((await cognito.refresh(kept.RefreshToken))[0], 200);
    assert.equal((await getUser(kept.AccessToken))[0], 200);
  });

  it("is revoked only by the client it belongs to, with its secret", async () => {
    const { RefreshToken: Token } = issueTokens(ClientId);
    const { AccessToken } = issueTokens();
    const revoke = (input: object) => call("RevokeToken", input);
    const wrongSecret = refusal("UnauthorizedException", "Unable to verify secret for client secretclient1");
    assert.deepEqual(await revoke({ Token, ClientId }), wrongSecret);
    assert.deepEqual(await revoke({ Token, ClientId, ClientSecret: otherSecret }), wrongSecret);
    assert.deepEqual(
      await revoke({ Token, ClientId: publicId }),
      refusal("UnauthorizedException", "Refresh Token has different Client"),
    );
    assert.deepEqual(
      await revoke({ Token: AccessToken, ClientId: publicId }),
      refusal("UnsupportedTokenTypeException", "Unsupported token type"),
    );
    assert.deepEqual(await revoke({ Token, ClientId, ClientSecret }), done);
  });

  it("cannot be revoked where the client has no token revocation, and its tokens carry no claim for it", async () => {
    await cognito.admin("UpdateUserPoolClient", { ClientId: publicId, EnableTokenRevocation: false });
    const { RefreshToken: Token, AccessToken, IdToken } = issueTokens();
    assert.deepEqual(
      await call("RevokeToken", { Token, ClientId: publicId }),
      refusal("UnsupportedOperationException", "Token revocation is not enabled for client publicclient1"),
    );
    const names = ["origin_jti", "jti"];
    assert.deepEqual(
      [AccessToken, IdToken].map((token) => names.filter((name) => name in claimsOf(token))),
      [["jti"], []],
    );
    await call("GlobalSignOut", { AccessToken });
    assert.deepEqual(await getUser(AccessToken), notAuthorized("Access Token has been revoked"));
  });

  it("brings new tokens from GetTokensFromRefreshToken, and no new refresh token", async () => {
    const first = issueTokens();
    const reply = await getTokens({ RefreshToken: first.RefreshToken, ClientId: publicId });
    const { AccessToken, IdToken } = resultOf(reply);
    assert.deepEqual(reply.body, {
      AuthenticationResult: { AccessToken, ExpiresIn: 3600, IdToken, TokenType: "Bearer" },
    });
    assert.equal(claimsOf(AccessToken).origin_jti, claimsOf(first.AccessToken).origin_jti);
    assert.deepEqual(cognito.events, [
      {
        operation: "GetTokensFromRefreshToken",
        username: "alice",
        clientId: "publicclient1",
        outcome: "success",
      },
    ]);
  });

  it("is refused by GetTokensFromRefreshToken where it is made up, of another client, expired or without the secret", async () => {
    const { RefreshToken } = issueTokens(ClientId);
    const own = issueTokens().RefreshToken;
    const outcome = async (input: object) => outcomeOf(await getTokens({ RefreshToken, ...input }));
    const wrongSecret = notAuthorized("Unable to verify secret for client secretclient1");
    assert.deepEqual(await outcome({ ClientId }), wrongSecret);
    assert.deepEqual(await outcome({ ClientId, ClientSecret: otherSecret }), wrongSecret);
    assert.equal((await outcome({ ClientId, ClientSecret }))[0], 200);
    assert.deepEqual(
      await outcome({ ClientId: publicId }),
      notAuthorized("Refresh Token has different Client"),
    );
    assert.deepEqual(
      await outcome({ ClientId: publicId, RefreshToken: "made-up" }),
      notAuthorized("Invalid Refresh Token"),
    );
    assert.deepEqual(
      await outcome({ ClientId: "other" }),
      refusal("ResourceNotFoundException", "User pool client other does not exist."),
    );
    cognito.time.seconds += 30 * 24 * 3600;
    assert.deepEqual(
      await outcome({ ClientId: publicId, RefreshToken: own }),
      notAuthorized("Refresh Token has expired"),
    );
  });

  it("is replaced at each use where refresh tokens rotate, and of no use a second time", async () => {
    await rotate();
    const first = issueTokens();
    const second = resultOf(await getTokens({ RefreshToken: first.RefreshToken, ClientId: publicId }));
    assert.notEqual(second.RefreshToken, first.RefreshToken);
    assert.equal(claimsOf(second.AccessToken).origin_jti, claimsOf(first.AccessToken).origin_jti);
    assert.deepEqual(
      outcomeOf(await getTokens({ RefreshToken: first.RefreshToken, ClientId: publicId })),
      reused,
    );
    const third = resultOf(await getTokens({ RefreshToken: second.RefreshToken, ClientId: publicId }));
    assert.notEqual(third.RefreshToken, second.RefreshToken);
  });

  it("stays good for the grace period, counted from its first use", async () => {
    await rotate(60);
    const RefreshToken = issueTokens().RefreshToken;
    const useAt = async (seconds: number) => {
      cognito.time.seconds = startTimeSeconds + seconds;
      return outcomeOf(await getTokens({ RefreshToken, ClientId: publicId }));
    };
    assert.deepEqual([(await useAt(0))[0], (await useAt(59))[0]], [200, 200]);
    assert.deepEqual(await useAt(60), reused);
  });

  it("does not outlive its sign-in by rotation", async () => {
    await rotate();
    const first = issueTokens();
    cognito.time.seconds += 30 * 24 * 3600 - 1;
    const { RefreshToken } = resultOf(
      await getTokens({ RefreshToken: first.RefreshToken, ClientId: publicId }),
    );
    cognito.time.seconds += 1;
    assert.deepEqual(
      outcomeOf(await getTokens({ RefreshToken, ClientId: publicId })),
      notAuthorized("Refresh Token has expired"),
    );
  });

  it("is refused by InitiateAuth where refresh tokens rotate", async () => {
    await cognito.admin("UpdateUserPoolClient", {
      ClientId: publicId,
      ExplicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
      RefreshTokenRotation: { Feature: "ENABLED" },
    });
    assert.deepEqual(
      await cognito.refresh(issueTokens().RefreshToken),
      refusal("InvalidParameterException", "Auth flow not enabled for this client"),
    );
  });
});
