import { type AppClient, allowsFlow, rotatesRefreshTokens } from "./app-client.ts";
import { CognitoError, notAuthorized } from "./cognito-error.ts";
import { nobodysPassword } from "./password-hash.ts";
import { checkSecretHash } from "./secret-hash.ts";
import type { Session } from "./sessions.ts";
import type { User } from "./user.ts";
import type { AuthenticationResult, UserPool } from "./user-pool.ts";

/** The parameters of a sign-in or the responses to a challenge, as the API takes them. */
export type AuthParameters = Readonly<Record<string, string>>;

/** What a sign-in is answered with: tokens, or something that the user must do first. */
export type SignInAnswer =
  | { readonly AuthenticationResult: AuthenticationResult; readonly ChallengeParameters: object }
  | { readonly ChallengeName: string; readonly Session: string; readonly ChallengeParameters: object };

export function requireParameter(parameters: AuthParameters, name: string): string {
  const value = parameters[name];
  if (value !== undefined && value !== "") return value;
  throw new CognitoError("InvalidParameterException", `Missing required parameter ${name}`);
}

/** Signs a user in by password, with the client's secret hash if it has a secret. */
export function signIn(pool: UserPool, client: AppClient, parameters: AuthParameters): SignInAnswer {
  const username = requireParameter(parameters, "USERNAME");
  const password = requireParameter(parameters, "PASSWORD");
  checkSecretHash(client, [username], parameters.SECRET_HASH);
  const user = requireUserWithPassword(pool, client, { username, password });
  if (user.status !== "FORCE_CHANGE_PASSWORD")
    return tokens(pool.issueTokens({ username: user.username, clientId: client.clientId }));
  if (user.isPasswordExpired(pool.nowSeconds(), pool.settings.passwordPolicy)) {
    throw notAuthorized("Temporary password has expired and must be reset by an administrator.");
  }
  return askForNewPassword(pool, client, user);
}

export function tokens(AuthenticationResult: AuthenticationResult): SignInAnswer {
  return { AuthenticationResult, ChallengeParameters: {} };
}

/** Refuses a user who may not sign in or refresh, whatever they know. */
export function refuseUnusable({ isEnabled, status }: User): void {
  if (!isEnabled) throw notAuthorized("User is disabled.");
  if (status === "UNCONFIRMED") {
    throw new CognitoError("UserNotConfirmedException", "User is not confirmed.");
  }
}

/**
 * Not confirmed: that the password is compared before the user's state is told, as here, where only its owner learns
 * of it.
 */
function requireUserWithPassword(
  pool: UserPool,
  { settings }: AppClient,
  { username, password }: { username: string; password: string },
): User {
  const user = pool.findUser(username);
  user?.lockout.admit(pool.nowMs());
  const isRight = user === undefined ? nobodysPassword.matches(password) : user.hasPassword(password);
  if (user !== undefined && isRight) {
    user.lockout.reset();
    refuseUnusable(user);
    return user;
  }
  user?.lockout.fail(pool.nowMs());
  throw user === undefined && settings.PreventUserExistenceErrors === "LEGACY"
    ? new CognitoError("UserNotFoundException", "User does not exist.")
    : notAuthorized("Incorrect username or password.");
}

function askForNewPassword(pool: UserPool, { clientId, settings }: AppClient, user: User): SignInAnswer {
  const name = "NEW_PASSWORD_REQUIRED";
  const expiresAt = pool.nowSeconds() + settings.AuthSessionValidity * 60;
  return {
    ChallengeName: name,
    Session: pool.challenges.open({ name, user, clientId, expiresAt }),
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: "[]",
      userAttributes: JSON.stringify(Object.fromEntries(user.attributes)),
    },
  };
}

/** Refreshes through InitiateAuth: not for a client whose refresh tokens rotate. */
export function refresh(pool: UserPool, client: AppClient, parameters: AuthParameters): SignInAnswer {
  const refreshToken = requireParameter(parameters, "REFRESH_TOKEN");
  const session = pool.sessions.find(refreshToken);
  if (session === undefined) throw notAuthorized("Invalid Refresh Token");
  // Made over the user's name; Cognito takes the `sub` as well.
  checkSecretHash(client, [session.user.username, session.user.sub], parameters.SECRET_HASH);
  requireGoodSession(pool, client, session);
  return tokens(pool.refreshTokens(session, client));
}

/** Refuses a session that may not be refreshed by this client now. */
export function requireGoodSession(pool: UserPool, { clientId }: AppClient, session: Session): void {
  if (session.clientId !== clientId) throw notAuthorized("Refresh Token has different Client");
  refuseUnusable(session.user);
  if (pool.sessions.isRevoked(session.eventId)) throw notAuthorized("Refresh Token has been revoked");
  if (pool.nowSeconds() >= session.refreshExpiresAt) throw notAuthorized("Refresh Token has expired");
}

/**
 * Refuses a flow that the client does not have. Reported from real answers: the first three texts. Not confirmed: that
 * a refresh is refused in the words of the administrators' flow, also where refresh tokens rotate.
 */
export function requireFlow({ settings }: AppClient, flow: string): void {
  const isRefresh = flow === "REFRESH_TOKEN_AUTH";
  if (allowsFlow(settings, flow) && !(isRefresh && rotatesRefreshTokens(settings))) return;
  throw new CognitoError(
    "InvalidParameterException",
    flow === "USER_PASSWORD_AUTH"
      ? "USER_PASSWORD_AUTH flow not enabled for this client"
      : isRefresh || flow === "ADMIN_USER_PASSWORD_AUTH"
        ? "Auth flow not enabled for this client"
        : `${flow} is not enabled for the client.`,
  );
}
