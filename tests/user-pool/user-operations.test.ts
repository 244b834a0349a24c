import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import {
  claimsOf,
  done,
  invalid,
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

interface UserAnswer {
  readonly User: { readonly Attributes: readonly { Name: string; Value: string }[] };
}

describe("an administrator", () => {
  let cognito: LocalCognito;

  beforeEach(async () => {
    cognito = await startLocalCognito();
  });

  afterEach(() => cognito.server.close());

  const email = { Name: "email", Value: "carol@example.com" };
  const create = (input: object = {}) =>
    cognito.admin("AdminCreateUser", { Username: "carol", TemporaryPassword: "Carol-temp-1", ...input });
  const subOf = (username: string) => cognito.pool.findUser(username)?.sub;
  const statusOf = (username: string) => cognito.pool.findUser(username)?.status;
  const issueTokens = (username = "alice") =>
    cognito.pool.issueTokens({ username, clientId: publicClient.clientId });
  const getUser = async (AccessToken: string) => outcomeOf(await cognito.call("GetUser", { AccessToken }));
  const signIn = async (username: string, password: string) =>
    outcomeOf(await cognito.signIn(username, password));

  it("creates a user, who must change the temporary password", async () => {
    assert.deepEqual(await create({ UserAttributes: [email], MessageAction: "SUPPRESS" }), [
      200,
      {
        User: {
          Attributes: [email, { Name: "sub", Value: subOf("carol") }],
          Enabled: true,
          UserCreateDate: startTimeSeconds,
          UserLastModifiedDate: startTimeSeconds,
          UserStatus: "FORCE_CHANGE_PASSWORD",
          Username: "carol",
        },
      },
    ]);
    assert.deepEqual(cognito.emails, []);
    assert.match(
      JSON.stringify((await cognito.signIn("carol", "Carol-temp-1")).body),
      /NEW_PASSWORD_REQUIRED/,
    );
  });

  it("has the temporary password sent to a user with an e-mail address, also a made one", async () => {
    await create({ UserAttributes: [email] });
    await create({ Username: "dave", UserAttributes: [email], TemporaryPassword: undefined });
    await create({ Username: "erin" });
    const [carol, dave, ...others] = cognito.emails;
    const subject = "temporary password";
    assert.deepEqual(carol, { to: email.Value, username: "carol", subject, content: "Carol-temp-1" });
    assert.deepEqual([dave?.to, dave?.username, dave?.subject, others], [email.Value, "dave", subject, []]);
    assert.match(
      JSON.stringify((await cognito.signIn("dave", dave?.content ?? "")).body),
      /NEW_PASSWORD_REQUIRED/,
    );
  });

  it("creates no user twice, and none with a weak password or unknown or malformed attributes", async () => {
    assert.deepEqual(
      await create({ Username: "alice" }),
      refusal("UsernameExistsException", "User account already exists"),
    );
    assert.deepEqual(
      await create({ TemporaryPassword: "carol" }),
      refusal(
        "InvalidPasswordException",
        "Password did not conform with password policy: Password not long enough",
      ),
    );
    const withAttribute = (Name: string, Value: string) => create({ UserAttributes: [{ Name, Value }] });
    assert.deepEqual(
      await withAttribute("custom:team", "red"),
      invalid(
        "Attributes did not conform to the schema: custom:team: Attribute does not exist in the schema.",
      ),
    );
    assert.deepEqual(await withAttribute("email", "carol"), invalid("Invalid email address format."));
    assert.deepEqual(await withAttribute("phone_number", "555"), invalid("Invalid phone number format."));
    assert.equal(cognito.pool.findUser("carol"), undefined);
  });

  it("resends a temporary password, to a user who has not changed it yet", async () => {
    await create({ UserAttributes: [email] });
    assert.equal((await create({ TemporaryPassword: "Carol-temp-2", MessageAction: "RESEND" }))[0], 200);
    assert.deepEqual(
      cognito.emails.map(({ content }) => content),
      ["Carol-temp-1", "Carol-temp-2"],
    );
    assert.deepEqual(await signIn("carol", "Carol-temp-1"), notAuthorized("Incorrect username or password."));
    assert.deepEqual(await create({ Username: "dave", MessageAction: "RESEND" }), unknownUser);
    assert.deepEqual(
      await create({ Username: "alice", MessageAction: "RESEND" }),
      refusal("UnsupportedUserStateException", "Resend not possible. User status is CONFIRMED"),
    );
  });

  it("reads a user", async () => {
    assert.deepEqual(await cognito.admin("AdminGetUser", { Username: "alice" }), [
      200,
      {
        Enabled: true,
        UserAttributes: [
          { Name: "email", Value: "alice@example.com" },
          { Name: "email_verified", Value: "true" },
          { Name: "sub", Value: subOf("alice") },
        ],
        UserCreateDate: startTimeSeconds,
        UserLastModifiedDate: startTimeSeconds,
        UserStatus: "CONFIRMED",
        Username: "alice",
      },
    ]);
  });

  it("sets attributes, which ID tokens carry from then on", async () => {
    cognito.time.seconds += 5;
    const UserAttributes = [
      { Name: "given_name", Value: "Bob" },
      { Name: "email", Value: "bob@example.com" },
      { Name: "email_verified", Value: "true" },
      { Name: "phone_number", Value: "+15555550100" },
      { Name: "phone_number_verified", Value: "false" },
    ];
    assert.deepEqual(
      await cognito.admin("AdminUpdateUserAttributes", { Username: "bob", UserAttributes }),
      done,
    );
    const { given_name, email, email_verified, phone_number, phone_number_verified } = claimsOf(
      issueTokens("bob").IdToken,
    );
    assert.deepEqual(
      { given_name, email, email_verified, phone_number, phone_number_verified },
      {
        given_name: "Bob",
        email: "bob@example.com",
        email_verified: true,
        phone_number: "+15555550100",
        phone_number_verified: false,
      },
    );
    assert.equal(cognito.pool.findUser("bob")?.modifiedAt, startTimeSeconds + 5);
    assert.deepEqual(
      await cognito.admin("AdminUpdateUserAttributes", {
        Username: "bob",
        UserAttributes: [{ Name: "sub", Value: "other" }],
      }),
      invalid("Attributes did not conform to the schema: sub: Attribute does not exist in the schema."),
    );
  });

  it("sets a permanent or a temporary password", async () => {
    const set = (input: object) => cognito.admin("AdminSetUserPassword", { Username: "bob", ...input });
    assert.deepEqual(await set({ Password: "Bob-demo-2", Permanent: true }), done);
    resultOf(await cognito.signIn("bob", "Bob-demo-2"));
    assert.deepEqual(await set({ Password: "Bob-demo-3" }), done);
    assert.equal(statusOf("bob"), "FORCE_CHANGE_PASSWORD");
    assert.deepEqual(await signIn("bob", "Bob-demo-2"), notAuthorized("Incorrect username or password."));
    assert.match(JSON.stringify((await cognito.signIn("bob", "Bob-demo-3")).body), /NEW_PASSWORD_REQUIRED/);
    assert.deepEqual(
      await set({ Password: "Bob-demo-X", Permanent: true }),
      refusal(
        "InvalidPasswordException",
        "Password does not conform to policy: Password must have numeric characters",
      ),
    );
  });

  it("confirms by a permanent password a user who has to change theirs", async () => {
    await create();
    await cognito.admin("AdminSetUserPassword", {
      Username: "carol",
      Password: "Carol-demo-1",
      Permanent: true,
    });
    assert.equal(statusOf("carol"), "CONFIRMED");
    resultOf(await cognito.signIn("carol", "Carol-demo-1"));
  });

  it("disables a user, who can do nothing then, and enables them again", async () => {
    const { AccessToken, RefreshToken } = issueTokens();
    const disabled = notAuthorized("User is disabled.");
    assert.deepEqual(await cognito.admin("AdminDisableUser", { Username: "alice" }), done);
    assert.equal(cognito.pool.findUser("alice")?.isEnabled, false);
    assert.deepEqual(await signIn("alice", "Alice-demo-1"), disabled);
    assert.deepEqual(await signIn("alice", "wrong"), notAuthorized("Incorrect username or password."));
    assert.deepEqual(await cognito.refresh(RefreshToken), disabled);
    assert.deepEqual(await getUser(AccessToken), disabled);
    assert.equal((await cognito.signIn("bob", "Bob-demo-1")).status, 200);
    assert.deepEqual(await cognito.admin("AdminEnableUser", { Username: "alice" }), done);
    resultOf(await cognito.signIn("alice", "Alice-demo-1"));
    assert.deepEqual(await getUser(AccessToken), notAuthorized("Access Token has been revoked"));
  });

  it("signs a user out of every session", async () => {
    const { AccessToken, RefreshToken } = issueTokens();
    const bob = issueTokens("bob");
    assert.deepEqual(await cognito.admin("AdminUserGlobalSignOut", { Username: "alice" }), done);
    assert.deepEqual(await getUser(AccessToken), notAuthorized("Access Token has been revoked"));
    assert.deepEqual(await cognito.refresh(RefreshToken), notAuthorized("Refresh Token has been revoked"));
    assert.equal((await getUser(bob.AccessToken))[0], 200);
    resultOf(await cognito.signIn("alice", "Alice-demo-1"));
  });

  it("deletes a user, whose tokens are not those of a later user of that name", async () => {
    const { AccessToken, RefreshToken } = issueTokens();
    assert.deepEqual(await cognito.admin("AdminDeleteUser", { Username: "alice" }), done);
    assert.deepEqual(await signIn("alice", "Alice-demo-1"), unknownUser);
    assert.deepEqual(await cognito.refresh(RefreshToken), notAuthorized("Refresh Token has been revoked"));
    const [, answer] = await create({ Username: "alice", UserAttributes: [] });
    assert.equal((answer as UserAnswer).User.Attributes.length, 1);
    assert.deepEqual(await getUser(AccessToken), unknownUser);
  });
});
