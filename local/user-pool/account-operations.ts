import { authenticateAccessToken } from "./access-token.ts";
import { CognitoError } from "./cognito-error.ts";
import { defineOperation, passwordMember, requiredPasswordMember, tokenMember } from "./operation.ts";
import { checkPassword } from "./password-policy.ts";

/** What the holder of an access token may do with the account that the token names. */
export const accountOperations = {
  GetUser: defineOperation({
    credentials: "none",
    members: { AccessToken: tokenMember },
    run(pool, { AccessToken }) {
      const user = authenticateAccessToken(pool, AccessToken);
      return { UserAttributes: user.listAttributes(), Username: user.username };
    },
  }),

  ChangePassword: defineOperation({
    credentials: "none",
    members: {
      AccessToken: tokenMember,
      PreviousPassword: passwordMember,
      ProposedPassword: requiredPasswordMember,
    },
    run(pool, { AccessToken, PreviousPassword = "", ProposedPassword }) {
      const user = authenticateAccessToken(pool, AccessToken);
      if (!user.hasPassword(PreviousPassword)) {
        throw new CognitoError("NotAuthorizedException", "Incorrect username or password.");
      }
      checkPassword(pool.settings.passwordPolicy, ProposedPassword, "Password does not conform to policy");
      user.setPassword(ProposedPassword, { temporary: false, nowSeconds: pool.nowSeconds() });
      return {};
    },
  }),

  GlobalSignOut: defineOperation({
    credentials: "none",
    members: { AccessToken: tokenMember },
    run(pool, { AccessToken }) {
      pool.sessions.revokeAllOf(authenticateAccessToken(pool, AccessToken));
      return {};
    },
  }),
};
