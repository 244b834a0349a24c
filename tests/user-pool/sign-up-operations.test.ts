import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import {
  claimsOf,
  done,
  hashFor,
  invalid,
  type LocalCognito,
  notAuthorized,
  outcomeOf,
  publicClient,
  refusal,
  resultOf,
  secretClient,
  startLocalCognito,
} from "./local-cognito.ts";

const email = { Name: "email", Value: "carol@example.com" };
const delivery = {
  CodeDeliveryDetails: { AttributeName: "email", DeliveryMedium: "EMAIL", Destination: "c***@e***" },
};
const expiredCode = refusal("ExpiredCodeException", "Invalid code provided, please request a code again.");
const wrongCode = refusal("CodeMismatchException", "Invalid verification code provided, please try again.");
const unknownName = refusal("UserNotFoundException", "Username/client id combination not found.");

describe("signing up", () => {
  let cognito: LocalCognito;

  beforeEach(async () => {
    cognito = await startLocalCognito();
  });

  afterEach(() => cognito.server.close());

  const callAs = async (operation: string, input: object) =>
    outcomeOf(
      await cognito.call(operation, { ClientId: publicClient.clientId, Username: "carol", ...input }),
    );
  const signUp = (input: object = {}) =>
    callAs("SignUp", { Password: "Carol-demo-1", UserAttributes: [email], ...input });
  const confirm = (ConfirmationCode: string, input: object = {}) =>
    callAs("ConfirmSignUp", { ConfirmationCode, ...input });
  const lastCode = () => cognito.emails.at(-1)?.content ?? assert.fail("no e-mail");
  const otherCode = () => (lastCode() === "000000" ? "000001" : "000000");
  const signIn = async () => outcomeOf(await cognito.signIn("carol", "Carol-demo-1"));
  const carol = () => cognito.pool.findUser("carol");

  it("makes an unconfirmed user, and sends a code that the answer does not tell", async () => {
    assert.deepEqual(await signUp(), [200, { UserConfirmed: false, UserSub: carol()?.sub, ...delivery }]);
    const [sent, ...others] = cognito.emails;
    assert.match(sent?.content ?? "", /^\d{6}$/);
    assert.deepEqual(sent, {
      to: email.Value,
      username: "carol",
      subject: "confirmation code",
      content: sent?.content,
    });
    assert.deepEqual(others, []);
    assert.deepEqual(await signIn(), refusal("UserNotConfirmedException", "User is not confirmed."));
    assert.deepEqual(
      outcomeOf(await cognito.signIn("carol", "wrong")),
      notAuthorized("Incorrect username or password."),
    );
  });

  it("ends with the code, which also verifies the address", async () => {
    await signUp();
    assert.deepEqual(await confirm(otherCode()), wrongCode);
    assert.deepEqual(await confirm(lastCode()), done);
    assert.equal(
      claimsOf(resultOf(await cognito.signIn("carol", "Carol-demo-1")).IdToken).email_verified,
      true,
    );
    assert.deepEqual(
      await confirm(lastCode()),
      notAuthorized("User cannot be confirmed. Current status is CONFIRMED"),
    );
  });

  it("ends with an administrator's word, which verifies nothing", async () => {
    await signUp();
    assert.deepEqual(await cognito.admin("AdminConfirmSignUp", { Username: "carol" }), done);
    assert.equal(
      claimsOf(resultOf(await cognito.signIn("carol", "Carol-demo-1")).IdToken).email_verified,
      false,
    );
    assert.deepEqual(
      await cognito.admin("AdminConfirmSignUp", { Username: "carol" }),
      notAuthorized("User cannot be confirmed. Current status is CONFIRMED"),
    );
  });

  it("takes the code for 24 hours", async () => {
    await signUp();
    const code = lastCode();
    cognito.time.seconds += 24 * 3600;
    assert.deepEqual(await confirm(code), expiredCode);
    cognito.time.seconds -= 1;
    assert.deepEqual(await confirm(code), done);
  });

  it("sends another code on demand, in place of the first", async () => {
    await signUp();
    cognito.time.seconds += 24 * 3600;
    assert.deepEqual(await callAs("ResendConfirmationCode", {}), [200, delivery]);
    assert.equal(cognito.emails.length, 2);
    assert.deepEqual(await confirm(lastCode()), done);
    assert.deepEqual(await callAs("ResendConfirmationCode", {}), invalid("User is already confirmed."));
  });

  it("sends no code to a user without an address, who needs an administrator", async () => {
    assert.deepEqual(await signUp({ UserAttributes: undefined }), [
      200,
      { UserConfirmed: false, UserSub: carol()?.sub },
    ]);
    assert.deepEqual(cognito.emails, []);
    assert.deepEqual(await confirm("123456"), expiredCode);
    assert.deepEqual(
      await callAs("ResendConfirmationCode", {}),
      invalid("Cannot resend codes. Auto verification not turned on."),
    );
  });

  it("refuses a name that is taken, a weak password, and a verified address", async () => {
    assert.deepEqual(
      await signUp({ Username: "alice" }),
      refusal("UsernameExistsException", "User already exists"),
    );
    for (const [Password, reason] of [
      ["Carol-1", "Password not long enough"],
      [undefined, "Password not long enough"],
      ["carol-demo-1", "Password must have uppercase characters"],
    ]) {
      assert.deepEqual(
        await signUp({ Password }),
        refusal("InvalidPasswordException", `Password did not conform with policy: ${reason}`),
      );
    }
    assert.deepEqual(
      await signUp({ UserAttributes: [email, { Name: "email_verified", Value: "true" }] }),
      notAuthorized("A client attempted to write unauthorized attribute"),
    );
    assert.deepEqual(
      await signUp({ ClientId: "other" }),
      refusal("ResourceNotFoundException", "User pool client other does not exist."),
    );
    assert.equal(carol(), undefined);
  });

  it("tells of a user who is not there, unless the client hides who exists", async () => {
    assert.deepEqual(await confirm("123456"), unknownName);
    assert.deepEqual(await callAs("ResendConfirmationCode", {}), unknownName);
    await cognito.admin("UpdateUserPoolClient", {
      ClientId: publicClient.clientId,
      PreventUserExistenceErrors: "ENABLED",
    });
    assert.deepEqual(await confirm("123456"), expiredCode);
    const [status, body] = await callAs("ResendConfirmationCode", {});
    assert.deepEqual([status, Object.keys(body as object)], [200, ["CodeDeliveryDetails"]]);
    assert.deepEqual(cognito.emails, []);
  });

  it("asks a client with a secret for its hash", async () => {
    const { clientId: ClientId } = secretClient;
    const missing = notAuthorized(
      "Client secretclient1 is configured for secret but secret was not received",
    );
    const wrong = notAuthorized("Unable to verify secret hash for client secretclient1");
    const SecretHash = hashFor("carol");
    for (const attempt of [
      (input: object) => signUp({ ClientId, ...input }),
      (input: object) => confirm("123456", { ClientId, ...input }),
      (input: object) => callAs("ResendConfirmationCode", { ClientId, ...input }),
    ]) {
      assert.deepEqual(await attempt({}), missing);
      assert.deepEqual(await attempt({ SecretHash: hashFor("bob") }), wrong);
      assert.deepEqual(
        await attempt({ ClientId: publicClient.clientId, SecretHash }),
        invalid("App client publicclient1 is not configured for secret but secret hash was received"),
      );
    }
    assert.equal((await signUp({ ClientId, SecretHash }))[0], 200);
    assert.deepEqual(await confirm(lastCode(), { ClientId, SecretHash }), done);
  });
});
