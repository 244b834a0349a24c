import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { defaultPasswordPolicy } from "../../local/user-pool/password-policy.ts";
import { defaultPoolSettings } from "../../local/user-pool/pool-settings.ts";
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
} from "./local-cognito.ts";

const password = "Carol-demo-1";
const nonconforming = (text: string) => invalid(`Attributes did not conform to the schema: ${text}`);

describe("the settings of a pool", () => {
  let cognito: LocalCognito;
  beforeEach(async () => {
    cognito = await startLocalCognito();
  });
  afterEach(() => cognito.server.close());

  const set = (settings: Partial<typeof defaultPoolSettings>) => {
    cognito.pool.settings = { ...defaultPoolSettings, ...settings };
  };
  const create = (Username: string, attributes: Record<string, string> = {}) =>
    cognito.admin("AdminCreateUser", {
      Username,
      TemporaryPassword: password,
      UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
    });
  const update = (Username: string, Name: string, Value: string) =>
    cognito.admin("AdminUpdateUserAttributes", { Username, UserAttributes: [{ Name, Value }] });
  const setPassword = (Username: string, Password: string) =>
    cognito.admin("AdminSetUserPassword", { Username, Password, Permanent: true });

  it("have the password policy that passwords are measured by, also those that the pool makes", async () => {
    set({ passwordPolicy: { ...defaultPasswordPolicy, MinimumLength: 30, RequireSymbols: false } });
    assert.deepEqual(
      await setPassword("alice", password),
      refusal("InvalidPasswordException", "Password does not conform to policy: Password not long enough"),
    );
    assert.deepEqual(await setPassword("alice", `Aa1${"x".repeat(27)}`), done);
    assert.equal((await cognito.admin("AdminCreateUser", { Username: "dora" }))[0], 200);
  });

  it("have the days that a temporary password is good for", async () => {
    set({ passwordPolicy: { ...defaultPasswordPolicy, TemporaryPasswordValidityDays: 1 } });
    await create("carol");
    cognito.time.seconds += 24 * 3600;
    assert.deepEqual(
      outcomeOf(await cognito.signIn("carol", password)),
      notAuthorized("Temporary password has expired and must be reset by an administrator."),
    );
  });

  it("have custom attributes, which tokens carry, and what they may be", async () => {
    const tenant = { name: "custom:tenant", isNumber: false, isMutable: false, isRequired: false, most: 5 };
    const level = { name: "custom:level", isNumber: true, isMutable: true, isRequired: false, least: 1 };
    set({ schema: [tenant, level] });
    assert.equal((await create("carol", { "custom:tenant": "acme", "custom:level": "1" }))[0], 200);
    assert.deepEqual(
      [
        await create("dora", { "custom:other": "x" }),
        await create("dora", { "custom:tenant": "longer" }),
        await update("carol", "custom:tenant", "other"),
        await update("carol", "custom:level", "0"),
        await update("carol", "custom:level", "high"),
        await update("carol", "custom:level", "2"),
      ],
      [
        nonconforming("custom:other: Attribute does not exist in the schema."),
        nonconforming("custom:tenant: length must be at most 5"),
        invalid("user.custom:tenant: Attribute cannot be updated."),
        nonconforming("custom:level: value must be at least 1"),
        nonconforming("custom:level: Attribute value is not a number"),
        done,
      ],
    );
    await setPassword("carol", password);
    const { IdToken } = resultOf(await cognito.signIn("carol", password));
    assert.deepEqual([claimsOf(IdToken)["custom:tenant"], claimsOf(IdToken)["custom:level"]], ["acme", "2"]);
  });

  it("have attributes that a new user must have", async () => {
    set({ schema: [{ name: "email", isNumber: false, isMutable: true, isRequired: true }] });
    assert.deepEqual(await create("carol"), nonconforming("email: The attribute is required"));
    assert.equal((await create("carol", { email: "carol@example.com" }))[0], 200);
  });

  it("have aliases to sign in with, once they are verified", async () => {
    set({ aliasAttributes: ["email"] });
    await create("carol", { email: "carol@example.com" });
    await setPassword("carol", password);
    const unknown = refusal("UserNotFoundException", "User does not exist.");
    assert.deepEqual(outcomeOf(await cognito.signIn("carol@example.com", password)), unknown);
    await update("carol", "email_verified", "true");
    const { AccessToken } = resultOf(await cognito.signIn("carol@example.com", password));
    assert.equal(claimsOf(AccessToken).username, "carol");
  });

  it("have users who are named by their e-mail addresses, and whose names are their subs", async () => {
    set({ usernameAttributes: ["email"] });
    assert.deepEqual(await create("carol"), invalid("Username should be an email."));
    assert.deepEqual(
      await create("carol@example.com", { email: "other@example.com" }),
      invalid("User email should be empty or same as username, since username attribute is email"),
    );
    assert.equal((await create("carol@example.com"))[0], 200);
    assert.deepEqual(
      await create("carol@example.com"),
      refusal("UsernameExistsException", "User account already exists"),
    );
    await setPassword("carol@example.com", password);
    const { AccessToken, IdToken } = resultOf(await cognito.signIn("carol@example.com", password));
    const { username, sub } = claimsOf(AccessToken);
    assert.deepEqual([username, claimsOf(IdToken).email], [sub, "carol@example.com"]);
  });

  it("close a pool to people who sign up", async () => {
    set({ isClosed: true });
    const input = { ClientId: publicClient.clientId, Username: "carol", Password: password };
    assert.deepEqual(
      outcomeOf(await cognito.call("SignUp", input)),
      notAuthorized("SignUp is not permitted for this user pool"),
    );
  });

  it("are updated, with defaults for what is left out", async () => {
    set({ name: "users", deletionProtection: "ACTIVE", isClosed: true });
    assert.deepEqual(
      await cognito.admin("UpdateUserPool", { Policies: { PasswordPolicy: { MinimumLength: 20 } } }),
      done,
    );
    assert.deepEqual(cognito.pool.settings, {
      ...defaultPoolSettings,
      name: "users",
      passwordPolicy: { ...defaultPasswordPolicy, MinimumLength: 20 },
    });
  });
});
