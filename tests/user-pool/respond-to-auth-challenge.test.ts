import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import {
  claimsOf,
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
  userPoolId,
} from "./local-cognito.ts";

const ChallengeName = "NEW_PASSWORD_REQUIRED";
const badSession = notAuthorized("Invalid session for the user.");
const usedSession = notAuthorized("Invalid session for the user, session can only be used once.");
const expiredSession = notAuthorized("Invalid session for the user, session is expired.");

interface ChallengeBody {
  readonly ChallengeName: string;
  readonly Session: string;
  readonly ChallengeParameters: Readonly<Record<string, string>>;
}

describe("a user with a temporary password", () => {
  let cognito: LocalCognito;

  beforeEach(async () => {
    cognito = await startLocalCognito();
    await cognito.admin("AdminCreateUser", {
      Username: "carol",
      TemporaryPassword: "Carol-temp-1",
      UserAttributes: [{ Name: "email", Value: "carol@example.com" }],
      MessageAction: "SUPPRESS",
    });
  });

  afterEach(() => cognito.server.close());

  const challenge = async (client?: { clientId: string }) =>
    (await cognito.signIn("carol", "Carol-temp-1", client)).body as ChallengeBody;
  const respond = async (Session: string | undefined, responses: object = {}, input: object = {}) =>
    cognito.call("RespondToAuthChallenge", {
      ClientId: publicClient.clientId,
      ChallengeName,
      Session,
      ChallengeResponses: { USERNAME: "carol", NEW_PASSWORD: "Carol-demo-1", ...responses },
      ...input,
    });
  const outcome = async (...args: Parameters<typeof respond>) => outcomeOf(await respond(...args));

  it("is asked for a new one", async () => {
    const body = await challenge();
    const { Session, ChallengeParameters, ...rest } = body;
    assert.deepEqual(rest, { ChallengeName });
    assert.match(Session, /^AYABe[\w-]{1000,2000}$/);
    assert.notEqual((await challenge()).Session, Session);
    assert.deepEqual(ChallengeParameters, {
      USER_ID_FOR_SRP: "carol",
      requiredAttributes: "[]",
      userAttributes: '{"email":"carol@example.com"}',
    });
    assert.deepEqual(cognito.events[0], {
      operation: "InitiateAuth",
      username: "carol",
      clientId: "publicclient1",
      outcome: "NEW_PASSWORD_REQUIRED",
    });
  });

  it("gets tokens for it, and signs in with it from then on", async () => {
    const reply = await respond((await challenge()).Session);
    const { AccessToken, IdToken, RefreshToken } = resultOf(reply);
    assert.deepEqual(reply.body, {
      AuthenticationResult: { AccessToken, ExpiresIn: 3600, IdToken, RefreshToken, TokenType: "Bearer" },
      ChallengeParameters: {},
    });
    assert.equal(claimsOf(AccessToken).username, "carol");
    assert.equal(cognito.pool.findUser("carol")?.status, "CONFIRMED");
    resultOf(await cognito.signIn("carol", "Carol-demo-1"));
    assert.deepEqual(
      outcomeOf(await cognito.signIn("carol", "Carol-temp-1")),
      notAuthorized("Incorrect username or password."),
    );
    assert.deepEqual(cognito.events[1], {
      operation: "RespondToAuthChallenge",
      username: "carol",
      clientId: "publicclient1",
      outcome: "success",
    });
  });

  it("may set attributes with it, but not say that they are verified", async () => {
    const { Session } = await challenge();
    assert.deepEqual(
      await outcome(Session, { "userAttributes.email_verified": "true" }),
      notAuthorized("A client attempted to write unauthorized attribute"),
    );
    const { IdToken } = resultOf(await respond(Session, { "userAttributes.given_name": "Carol" }));
    assert.equal(claimsOf(IdToken).given_name, "Carol");
  });

  it("may try again with a better password in the same session, which is good for one success", async () => {
    const { Session } = await challenge();
    assert.deepEqual(
      await outcome(Session, { NEW_PASSWORD: "Carol-demo" }),
      refusal(
        "InvalidPasswordException",
        "Password did not conform with password policy: Password must have numeric characters",
      ),
    );
    resultOf(await respond(Session));
    assert.deepEqual(await outcome(Session), usedSession);
  });

  it("has 3 minutes", async () => {
    const { Session } = await challenge();
    cognito.time.seconds += 180;
    assert.deepEqual(await outcome(Session), expiredSession);
    cognito.time.seconds -= 1;
    resultOf(await respond(Session));
  });

  it("has as many minutes as the client says", async () => {
    await cognito.admin("UpdateUserPoolClient", {
      ClientId: publicClient.clientId,
      ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
      AuthSessionValidity: 5,
    });
    const { Session } = await challenge();
    cognito.time.seconds += 300;
    assert.deepEqual(await outcome(Session), expiredSession);
    cognito.time.seconds -= 1;
    resultOf(await respond(Session));
  });

  it("is refused with a session that is made up, of another user, client or challenge, or missing", async () => {
    const { Session } = await challenge();
    const ofSecretClient = (await challenge(secretClient)).Session;
    assert.deepEqual(await outcome("made-up".repeat(3)), badSession);
    assert.deepEqual(await outcome(Session, { USERNAME: "alice" }), badSession);
    assert.deepEqual(await outcome(ofSecretClient), badSession);
    assert.deepEqual(await outcome(Session, {}, { ChallengeName: "SMS_MFA" }), badSession);
    assert.deepEqual(await outcome(undefined), invalid("Missing required parameter Session"));
    assert.deepEqual(
      await outcome(Session, { USERNAME: "" }),
      invalid("Missing required parameter USERNAME"),
    );
    assert.deepEqual(
      await outcome(Session, { NEW_PASSWORD: undefined }),
      invalid("Missing required parameter NEW_PASSWORD"),
    );
    assert.deepEqual(
      await outcome(Session, {}, { ClientId: "other" }),
      refusal("ResourceNotFoundException", "User pool client other does not exist."),
    );
    resultOf(await respond(Session));
  });

  it("is refused in a second session once the first one was used", async () => {
    const [first, second] = [await challenge(), await challenge()];
    resultOf(await respond(first.Session));
    assert.deepEqual(await outcome(second.Session), badSession);
  });

  it("is refused when disabled or deleted meanwhile", async () => {
    const { Session } = await challenge();
    await cognito.admin("AdminDisableUser", { Username: "carol" });
    assert.deepEqual(await outcome(Session), notAuthorized("User is disabled."));
    await cognito.admin("AdminEnableUser", { Username: "carol" });
    await cognito.admin("AdminDeleteUser", { Username: "carol" });
    assert.deepEqual(await outcome(Session), badSession);
  });

  it("needs the hash of a client with a secret", async () => {
    const { Session } = await challenge(secretClient);
    const input = { ClientId: secretClient.clientId };
    assert.deepEqual(
      await outcome(Session, {}, input),
      notAuthorized("Client secretclient1 is configured with secret but SECRET_HASH was not received"),
    );
    assert.deepEqual(
      await outcome(Session, { SECRET_HASH: hashFor("alice") }, input),
      notAuthorized("Unable to verify secret hash for client secretclient1"),
    );
    const { AccessToken } = resultOf(await respond(Session, { SECRET_HASH: hashFor("carol") }, input));
    assert.equal(claimsOf(AccessToken).client_id, secretClient.clientId);
  });

  it("has 7 days to sign in, counted from the latest temporary password", async () => {
    cognito.time.seconds += 7 * 24 * 3600 - 1;
    assert.equal((await challenge()).ChallengeName, ChallengeName);
    cognito.time.seconds += 1;
    assert.deepEqual(
      outcomeOf(await cognito.signIn("carol", "Carol-temp-1")),
      notAuthorized("Temporary password has expired and must be reset by an administrator."),
    );
    await cognito.admin("AdminSetUserPassword", { Username: "carol", Password: "Carol-temp-1" });
    assert.equal((await challenge()).ChallengeName, ChallengeName);
  });

  it("goes the same way with a server that holds AWS credentials", async () => {
    const ClientId = publicClient.clientId;
    const started = await cognito.callSigned("AdminInitiateAuth", {
      UserPoolId: userPoolId,
      ClientId,
      AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: "carol", PASSWORD: "Carol-temp-1" },
    });
    const { Session } = started.body as ChallengeBody;
    const answer = {
      UserPoolId: userPoolId,
      ClientId,
      ChallengeName,
      Session,
      ChallengeResponses: { USERNAME: "carol", NEW_PASSWORD: "Carol-demo-1" },
    };
    const reply = await cognito.callSigned("AdminRespondToAuthChallenge", answer);
    assert.equal(claimsOf(resultOf(reply).AccessToken).username, "carol");
    assert.deepEqual(outcomeOf(await cognito.callSigned("AdminRespondToAuthChallenge", answer)), usedSession);
    assert.equal(cognito.events[1]?.operation, "AdminRespondToAuthChallenge");
  });
});
