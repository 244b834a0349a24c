import { CognitoError } from "./cognito-error.ts";
import {
  attributesMember,
  defineOperation,
  passwordMember,
  requiredPasswordMember,
  requireUser,
  usernameMember,
  userPoolIdMember,
} from "./operation.ts";
import { checkPassword, generatePassword } from "./password-policy.ts";
import type { User } from "./user.ts";
import { type Attribute, readAttributes } from "./user-attributes.ts";
import { readNewUser } from "./user-name.ts";
import type { UserPool } from "./user-pool.ts";

const members = { UserPoolId: userPoolIdMember, Username: usernameMember } as const;

/** What an administrator does with one user. */
export const userOperations = {
  AdminCreateUser: defineOperation({
    credentials: "signature",
    members: {
      ...members,
      TemporaryPassword: passwordMember,
      UserAttributes: attributesMember,
      MessageAction: { type: "string", values: ["RESEND", "SUPPRESS"] },
    },
    run(pool, { Username, TemporaryPassword, UserAttributes, MessageAction }, send) {
      const { passwordPolicy } = pool.settings;
      const password = TemporaryPassword ?? generatePassword(passwordPolicy);
      checkPassword(passwordPolicy, password, "Password did not conform with password policy");
      const user =
        MessageAction === "RESEND"
          ? resetTemporaryPassword(pool, requireUser(pool, Username), password)
          : createUser(pool, Username, { password, attributes: UserAttributes });
      const email = user.attributes.get("email");
      if (MessageAction !== "SUPPRESS" && email !== undefined) {
        send({ to: email, username: Username, subject: "temporary password", content: password });
      }
      return { User: describeUser(user) };
    },
  }),

  AdminGetUser: defineOperation({
    credentials: "signature",
    members,
    run(pool, { Username }) {
      const { Attributes, ...user } = describeUser(requireUser(pool, Username));
      return { ...user, UserAttributes: Attributes };
    },
  }),

  AdminUpdateUserAttributes: defineOperation({
    credentials: "signature",
    members: { ...members, UserAttributes: { ...attributesMember, required: true } },
    run(pool, { Username, UserAttributes }) {
      const user = requireUser(pool, Username);
      user.setAttributes(
        readAttributes(pool.settings, UserAttributes, { byUser: false, isNew: false }),
        pool.nowSeconds(),
      );
      return {};
    },
  }),

  AdminSetUserPassword: defineOperation({
    credentials: "signature",
    members: { ...members, Password: requiredPasswordMember, Permanent: { type: "boolean" } },
    run(pool, { Username, Password, Permanent = false }) {
      const user = requireUser(pool, Username);
      checkPassword(pool.settings.passwordPolicy, Password, "Password does not conform to policy");
      user.setPassword(Password, { temporary: !Permanent, nowSeconds: pool.nowSeconds() });
      return {};
    },
  }),

  AdminDisableUser: defineOperation({
    credentials: "signature",
    members,
    run(pool, { Username }) {
      const user = requireUser(pool, Username);
      user.setEnabled(false, pool.nowSeconds());
      pool.sessions.revokeAllOf(user);
      return {};
    },
  }),

  AdminEnableUser: defineOperation({
    credentials: "signature",
    members,
    run(pool, { Username }) {
      requireUser(pool, Username).setEnabled(true, pool.nowSeconds());
      return {};
    },
  }),

  AdminDeleteUser: defineOperation({
    credentials: "signature",
    members,
    run(pool, { Username }) {
      pool.deleteUser(requireUser(pool, Username));
      return {};
    },
  }),

  AdminUserGlobalSignOut: defineOperation({
    credentials: "signature",
    members,
    run(pool, { Username }) {
      pool.sessions.revokeAllOf(requireUser(pool, Username));
      return {};
    },
  }),
};

/** A user as the API shows one in a list. */
export function describeUser(user: User) {
  return {
    Attributes: user.listAttributes(),
    Enabled: user.isEnabled,
    UserCreateDate: user.createdAt,
    UserLastModifiedDate: user.modifiedAt,
    UserStatus: user.status,
    Username: user.username,
  };
}

function createUser(
  pool: UserPool,
  given: string,
  { password, attributes }: { password: string; attributes: readonly Attribute[] | undefined },
): User {
  const user = readNewUser(pool, given, attributes, { byUser: false });
  if (pool.findUser(given) !== undefined) {
    throw new CognitoError("UsernameExistsException", "User account already exists");
  }
  return pool.addUser({ ...user, password, status: "FORCE_CHANGE_PASSWORD" });
}

/** Not confirmed: the text of its refusal. */
function resetTemporaryPassword(pool: UserPool, user: User, password: string): User {
  if (user.status !== "FORCE_CHANGE_PASSWORD") {
    throw new CognitoError(
      "UnsupportedUserStateException",
      `Resend not possible. User status is ${user.status}`,
    );
  }
  user.setPassword(password, { temporary: true, nowSeconds: pool.nowSeconds() });
  return user;
}
