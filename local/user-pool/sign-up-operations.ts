import type { AppClient } from "./app-client.ts";
import { CognitoError, invalid, notAuthorized } from "./cognito-error.ts";
import { constantTimeEqual } from "./constant-time-equal.ts";
import {
  attributesMember,
  clientIdMember,
  defineOperation,
  type Email,
  passwordMember,
  requireClient,
  requireUser,
  secretHashMember,
  usernameMember,
  userPoolIdMember,
} from "./operation.ts";
import { checkPassword } from "./password-policy.ts";
import { checkSecretHash } from "./secret-hash.ts";
import type { User } from "./user.ts";
import { readNewUser } from "./user-name.ts";
import type { UserPool } from "./user-pool.ts";

const callerMembers = {
  ClientId: clientIdMember,
  SecretHash: secretHashMember,
  Username: usernameMember,
} as const;

/** How users join by themselves. A user with an e-mail address is confirmed by a code, any other by an administrator. */
export const signUpOperations = {
  SignUp: defineOperation({
    credentials: "none",
    members: { ...callerMembers, Password: passwordMember, UserAttributes: attributesMember },
    run(pool, { ClientId, SecretHash, Username, Password = "", UserAttributes }, send) {
      requireCaller(requireClient(pool, ClientId), Username, SecretHash);
      if (pool.settings.isClosed) throw notAuthorized("SignUp is not permitted for this user pool");
      const named = readNewUser(pool, Username, UserAttributes, { byUser: true });
      const { attributes } = named;
      if (attributes.has("email")) attributes.set("email_verified", "false");
      checkPassword(pool.settings.passwordPolicy, Password, "Password did not conform with policy");
      if (pool.findUser(Username) !== undefined) {
        throw new CognitoError("UsernameExistsException", "User already exists");
      }
      const user = pool.addUser({ ...named, password: Password, status: "UNCONFIRMED" });
      return { UserConfirmed: false, UserSub: user.sub, ...sendCode(pool, user, send) };
    },
  }),

  ResendConfirmationCode: defineOperation({
    credentials: "none",
    members: callerMembers,
    run(pool, { ClientId, SecretHash, Username }, send) {
      const client = requireClient(pool, ClientId);
      requireCaller(client, Username, SecretHash);
      const user = pool.findUser(Username);
      if (user === undefined) return answerForNobody(client, Username);
      if (user.status !== "UNCONFIRMED") throw invalid("User is already confirmed.");
      if (!user.attributes.has("email"))
        throw invalid("Cannot resend codes. Auto verification not turned on.");
      return sendCode(pool, user, send);
    },
  }),

  ConfirmSignUp: defineOperation({
    credentials: "none",
    members: {
      ...callerMembers,
      ConfirmationCode: { type: "string", required: true, pattern: "[\\S]+", min: 1, max: 2048 },
    },
    run(pool, { ClientId, SecretHash, Username, ConfirmationCode }) {
      const client = requireClient(pool, ClientId);
      requireCaller(client, Username, SecretHash);
      const user = pool.findUser(Username);
      if (user === undefined && client.settings.PreventUserExistenceErrors === "LEGACY") throw unknownUser();
      if (user !== undefined) refuseConfirmed(user);
      const code = user?.confirmationCode(pool.nowSeconds());
      if (user === undefined || code === undefined) {
        throw new CognitoError("ExpiredCodeException", "Invalid code provided, please request a code again.");
      }
      if (!constantTimeEqual(code, ConfirmationCode)) {
        throw new CognitoError(
          "CodeMismatchException",
          "Invalid verification code provided, please try again.",
        );
      }
      user.confirm(pool.nowSeconds());
      user.setAttributes(new Map([["email_verified", "true"]]), pool.nowSeconds());
      return {};
    },
  }),

  AdminConfirmSignUp: defineOperation({
    credentials: "signature",
    members: { UserPoolId: userPoolIdMember, Username: usernameMember },
    run(pool, { Username }) {
      const user = requireUser(pool, Username);
      refuseConfirmed(user);
      user.confirm(pool.nowSeconds());
      return {};
    },
  }),
};

function requireCaller(client: AppClient, username: string, secretHash: string | undefined): void {
  checkSecretHash(client, [username], secretHash, "configured for secret but secret was not received");
}

function refuseConfirmed({ status }: User): void {
  if (status === "UNCONFIRMED") return;
  throw new CognitoError("NotAuthorizedException", `User cannot be confirmed. Current status is ${status}`);
}

function sendCode(pool: UserPool, user: User, send: (email: Email) => void): object {
  const to = user.attributes.get("email");
  if (to === undefined) return {};
  const content = user.newConfirmationCode(pool.nowSeconds());
  send({ to, username: user.username, subject: "confirmation code", content });
  return delivery(to);
}

/** A client that hides who exists gets the answer of a code that was sent. */
function answerForNobody({ settings }: AppClient, username: string): object {
  if (settings.PreventUserExistenceErrors === "LEGACY") throw unknownUser();
  return delivery(`${username.charAt(0)}@${username.charAt(0)}`);
}

/** The address as Cognito shows it: "alice@example.com" becomes "a***@e***". */
function delivery(to: string): object {
  const [local = "", domain = ""] = to.split("@");
  return {
    CodeDeliveryDetails: {
      AttributeName: "email",
      DeliveryMedium: "EMAIL",
      Destination: `${local.charAt(0)}***@${domain.charAt(0)}***`,
    },
  };
}

function unknownUser(): CognitoError {
  return new CognitoError("UserNotFoundException", "Username/client id combination not found.");
}
