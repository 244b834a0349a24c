import { type AppClient, rotatesRefreshTokens } from "./app-client.ts";
import { CognitoError } from "./cognito-error.ts";
import { constantTimeEqual } from "./constant-time-equal.ts";
import {
  clientIdMember,
  clientSecretMember,
  defineOperation,
  requireClient,
  tokenMember,
} from "./operation.ts";
import { requireGoodSession } from "./sign-in.ts";

/** What the holder of a refresh token may do with it. */
export const refreshTokenOperations = {
  /** The only way to refresh where refresh tokens rotate. Not confirmed: the texts of its own errors. */
  GetTokensFromRefreshToken: defineOperation({
    credentials: "none",
    members: { RefreshToken: tokenMember, ClientId: clientIdMember, ClientSecret: clientSecretMember },
    describeSubject: (pool, { RefreshToken, ClientId }) => ({
      username: pool.sessions.find(RefreshToken)?.user.username,
      clientId: pool.findClient(ClientId)?.clientId,
    }),
    run(pool, { RefreshToken, ClientId, ClientSecret }) {
      const client = requireClient(pool, ClientId);
      requireSecret(client, ClientSecret, "NotAuthorizedException");
      const session = pool.sessions.find(RefreshToken);
      if (session === undefined) throw new CognitoError("NotAuthorizedException", "Invalid Refresh Token");
      requireGoodSession(pool, client, session);
      const nowSeconds = pool.nowSeconds();
      if (pool.sessions.isRotatedOut(RefreshToken, nowSeconds)) {
        throw new CognitoError("RefreshTokenReuseException", "Refresh Token has been reused");
      }
      const result = pool.refreshTokens(session, client);
      if (!rotatesRefreshTokens(client.settings)) return { AuthenticationResult: result };
      const graceSeconds = client.settings.RefreshTokenRotation?.RetryGracePeriodSeconds ?? 0;
      const next = pool.sessions.rotate(RefreshToken, { graceSeconds, nowSeconds });
      return { AuthenticationResult: { ...result, RefreshToken: next } };
    },
  }),

  /** Not confirmed: the texts of these errors, and that an unknown refresh token is refused rather than ignored. */
  RevokeToken: defineOperation({
    credentials: "none",
    members: { Token: tokenMember, ClientId: clientIdMember, ClientSecret: clientSecretMember },
    run(pool, { Token, ClientId, ClientSecret }) {
      const client = requireClient(pool, ClientId);
      requireSecret(client, ClientSecret, "UnauthorizedException");
      if (!client.settings.EnableTokenRevocation) {
        throw new CognitoError(
          "UnsupportedOperationException",
          `Token revocation is not enabled for client ${client.clientId}`,
        );
      }
      const session = pool.sessions.find(Token);
      if (session === undefined) {
        throw new CognitoError("UnsupportedTokenTypeException", "Unsupported token type");
      }
      if (session.clientId !== client.clientId) {
        throw new CognitoError("UnauthorizedException", "Refresh Token has different Client");
      }
      pool.sessions.revoke(session);
      return {};
    },
  }),
};

function requireSecret({ clientId, clientSecret = "" }: AppClient, received = "", error: string): void {
  if (constantTimeEqual(clientSecret, received)) return;
  throw new CognitoError(error, `Unable to verify secret for client ${clientId}`);
}
