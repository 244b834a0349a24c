import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import {
  claimsOf,
  invalid,
  type LocalCognito,
  outcomeOf,
  publicClient,
  refusal,
  resultOf,
  secretClient,
  startLocalCognito,
  startTimeSeconds,
  userPoolId,
} from "./local-cognito.ts";

const defaults = {
  AllowedOAuthFlowsUserPoolClient: false,
  AuthSessionValidity: 3,
  CreationDate: startTimeSeconds,
  EnableTokenRevocation: true,
  LastModifiedDate: startTimeSeconds,
  PreventUserExistenceErrors: "LEGACY",
  RefreshTokenValidity: 30,
  UserPoolId: userPoolId,
};
const given = (clientId: string) => ({
  ...defaults,
  ClientId: clientId,
  ClientName: clientId,
  ExplicitAuthFlows: [
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
  ],
});
const unknownClient = refusal("ResourceNotFoundException", "User pool client other does not exist.");

describe("an app client", () => {
  let cognito: LocalCognito;

  beforeEach(async () => {
    cognito = await startLocalCognito();
  });

  afterEach(() => cognito.server.close());

  const describeClient = (ClientId: string) => cognito.admin("DescribeUserPoolClient", { ClientId });
  const update = (input: object) =>
    cognito.admin("UpdateUserPoolClient", { ClientId: publicClient.clientId, ...input });
  const create = async (input: object) => {
    const [status, body] = await cognito.admin("CreateUserPoolClient", {
      ClientName: "new client",
      ...input,
    });
    const { UserPoolClient } = body as { UserPoolClient: { ClientId: string; ClientSecret?: string } };
    assert.equal(status, 200, JSON.stringify(body));
    return UserPoolClient;
  };

  it("is described, with its secret when it has one", async () => {
    assert.deepEqual(await describeClient("publicclient1"), [
      200,
      { UserPoolClient: given("publicclient1") },
    ]);
    assert.deepEqual(await describeClient("secretclient1"), [
      200,
      { UserPoolClient: { ...given("secretclient1"), ClientSecret: secretClient.clientSecret } },
    ]);
    assert.deepEqual(await describeClient("other"), unknownClient);
  });

  it("is listed without its secret, page by page", async () => {
    const listed = ["publicclient1", "secretclient1"].map((clientId) => ({
      ClientId: clientId,
      ClientName: clientId,
      UserPoolId: userPoolId,
    }));
    assert.deepEqual(await cognito.admin("ListUserPoolClients", { MaxResults: 60 }), [
      200,
      { UserPoolClients: listed },
    ]);
    const [, first] = await cognito.admin("ListUserPoolClients", { MaxResults: 1 });
    const { NextToken, ...rest } = first as { NextToken: string };
    assert.deepEqual(rest, { UserPoolClients: listed.slice(0, 1) });
    assert.deepEqual(await cognito.admin("ListUserPoolClients", { NextToken }), [
      200,
      { UserPoolClients: listed.slice(1) },
    ]);
  });

  it("is created with Cognito's defaults, and without a secret", async () => {
    const client = await create({});
    assert.match(client.ClientId, /^[a-z0-9]{26}$/);
    assert.deepEqual(client, { ...defaults, ClientId: client.ClientId, ClientName: "new client" });
    assert.deepEqual(await describeClient(client.ClientId), [200, { UserPoolClient: client }]);
  });

  it("is created with a secret that is made or given", async () => {
    assert.match((await create({ GenerateSecret: true })).ClientSecret ?? "", /^[a-z0-9]{52}$/);
    const ClientSecret = "x".repeat(24);
    assert.equal((await create({ ClientSecret })).ClientSecret, ClientSecret);
  });

  it("keeps its id, name, secret and creation date in an update, and gets the default of what is left out", async () => {
    const ClientId = secretClient.clientId;
    cognito.time.seconds += 5;
    const settings = {
      AccessTokenValidity: 10,
      IdTokenValidity: 20,
      RefreshTokenValidity: 90,
      TokenValidityUnits: { AccessToken: "minutes", IdToken: "minutes", RefreshToken: "minutes" },
      ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
      PreventUserExistenceErrors: "ENABLED",
      EnableTokenRevocation: false,
      AuthSessionValidity: 15,
      RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 10 },
    };
    const kept = {
      AllowedOAuthFlowsUserPoolClient: false,
      ClientId,
      ClientName: ClientId,
      ClientSecret: secretClient.clientSecret,
      CreationDate: startTimeSeconds,
      LastModifiedDate: startTimeSeconds + 5,
      UserPoolId: userPoolId,
    };
    assert.deepEqual(await update({ ClientId, ...settings }), [
      200,
      { UserPoolClient: { ...kept, ...settings } },
    ]);
    assert.deepEqual(await update({ ClientId, ClientName: "renamed" }), [
      200,
      { UserPoolClient: { ...defaults, ...kept, ClientName: "renamed" } },
    ]);
    assert.deepEqual(await update({ ClientId: "other" }), unknownClient);
  });

  it("keeps what is about OAuth and attributes", async () => {
    const data = { CallbackURLs: ["https://example.com/in"], ReadAttributes: ["email"] };
    const { ClientId } = await create(data);
    assert.partialDeepStrictEqual(await describeClient(ClientId), [200, { UserPoolClient: data }]);
  });

  it("is unknown once it is deleted", async () => {
    const { ClientId } = await create({});
    assert.deepEqual(await cognito.admin("DeleteUserPoolClient", { ClientId }), [200, {}]);
    assert.equal((await describeClient(ClientId))[0], 400);
  });

  it("has tokens that live as long as it says", async () => {
    await update({
      AccessTokenValidity: 600,
      IdTokenValidity: 30,
      RefreshTokenValidity: 2,
      TokenValidityUnits: { AccessToken: "seconds", IdToken: "minutes", RefreshToken: "hours" },
      ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    });
    const { AccessToken, IdToken, ExpiresIn, RefreshToken } = resultOf(
      await cognito.signIn("alice", "Alice-demo-1"),
    );
    assert.deepEqual(
      [ExpiresIn, claimsOf(AccessToken).exp, claimsOf(IdToken).exp],
      [600, startTimeSeconds + 600, startTimeSeconds + 1800],
    );
    cognito.time.seconds += 7199;
    const [status, body] = await cognito.refresh(RefreshToken);
    assert.deepEqual(
      [status, (body as { AuthenticationResult: { ExpiresIn: number } }).AuthenticationResult.ExpiresIn],
      [200, 600],
    );
    cognito.time.seconds += 1;
    assert.deepEqual(
      await cognito.refresh(RefreshToken),
      refusal("NotAuthorizedException", "Refresh Token has expired"),
    );
  });

  it("has access and ID tokens of 5 minutes to a day, and refresh tokens of an hour to 10 years", async () => {
    const seconds = { AccessToken: "seconds", IdToken: "seconds", RefreshToken: "seconds" };
    const refused = invalid("Invalid range for token validity.");
    for (const [input, isAccepted] of [
      [{ AccessTokenValidity: 300, TokenValidityUnits: seconds, RefreshTokenValidity: 3600 }, true],
      [{ AccessTokenValidity: 299, TokenValidityUnits: seconds, RefreshTokenValidity: 3600 }, false],
      [{ IdTokenValidity: 300, TokenValidityUnits: seconds, RefreshTokenValidity: 3600 }, true],
      [{ IdTokenValidity: 299, TokenValidityUnits: seconds, RefreshTokenValidity: 3600 }, false],
      [{ AccessTokenValidity: 24 }, true],
      [{ AccessTokenValidity: 25 }, false],
      [{ IdTokenValidity: 1, TokenValidityUnits: { IdToken: "days" } }, true],
      [{ IdTokenValidity: 2, TokenValidityUnits: { IdToken: "days" } }, false],
      [
        {
          AccessTokenValidity: 300,
          IdTokenValidity: 300,
          RefreshTokenValidity: 3599,
          TokenValidityUnits: seconds,
        },
        false,
      ],
      [{ RefreshTokenValidity: 3650 }, true],
      [{ RefreshTokenValidity: 3651 }, false],
      [
        { AccessTokenValidity: 2, RefreshTokenValidity: 1, TokenValidityUnits: { RefreshToken: "hours" } },
        false,
      ],
    ] as const) {
      const outcome = await update(input);
      if (isAccepted) assert.equal(outcome[0], 200, JSON.stringify(input));
      else assert.deepEqual(outcome, refused, JSON.stringify(input));
    }
    const [, zero] = await update({ RefreshTokenValidity: 0 });
    assert.equal(
      (zero as { UserPoolClient: { RefreshTokenValidity: number } }).UserPoolClient.RefreshTokenValidity,
      30,
    );
  });

  it("is not made of what the API's model forbids", async () => {
    const at = (value: string, path: string, constraint: string) =>
      invalid(
        `1 validation error detected: Value '${value}' at '${path}' failed to satisfy constraint: Member must ${constraint}`,
      );
    assert.deepEqual(
      await update({ AuthSessionValidity: 16 }),
      at("16", "authSessionValidity", "have value less than or equal to 15"),
    );
    assert.deepEqual(
      await update({ TokenValidityUnits: { IdToken: "weeks" } }),
      at("weeks", "tokenValidityUnits.idToken", "satisfy enum value set: [seconds, minutes, hours, days]"),
    );
    assert.deepEqual(
      await update({ RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 61 } }),
      at("61", "refreshTokenRotation.retryGracePeriodSeconds", "have value less than or equal to 60"),
    );
    assert.deepEqual(
      await update({ ExplicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH", "USER_PASSWORD_AUTH"] }),
      invalid("Legacy and new ExplicitAuthFlows values cannot be used together."),
    );
  });

  it("signs in by the flows that it has, under new and old names, and by no other", async () => {
    const notEnabled: Readonly<Record<string, string>> = {
      USER_PASSWORD_AUTH: "USER_PASSWORD_AUTH flow not enabled for this client",
      ADMIN_USER_PASSWORD_AUTH: "Auth flow not enabled for this client",
      REFRESH_TOKEN_AUTH: "Auth flow not enabled for this client",
      USER_SRP_AUTH: "USER_SRP_AUTH is not enabled for the client.",
      CUSTOM_AUTH: "CUSTOM_AUTH is not enabled for the client.",
      USER_AUTH: "USER_AUTH is not enabled for the client.",
    };
    for (const [ExplicitAuthFlows, enabled] of [
      [["ALLOW_USER_PASSWORD_AUTH"], ["USER_PASSWORD_AUTH"]],
      [["ALLOW_ADMIN_USER_PASSWORD_AUTH"], ["ADMIN_USER_PASSWORD_AUTH"]],
      [["ALLOW_REFRESH_TOKEN_AUTH"], ["REFRESH_TOKEN_AUTH"]],
      [["ALLOW_USER_AUTH"], ["USER_AUTH"]],
      [["USER_PASSWORD_AUTH"], ["USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH", "USER_SRP_AUTH"]],
      [["ADMIN_NO_SRP_AUTH"], ["ADMIN_USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH", "USER_SRP_AUTH"]],
      [["CUSTOM_AUTH_FLOW_ONLY"], ["REFRESH_TOKEN_AUTH", "CUSTOM_AUTH"]],
      [undefined, ["REFRESH_TOKEN_AUTH", "USER_SRP_AUTH", "CUSTOM_AUTH"]],
    ] as const) {
      await update({ ExplicitAuthFlows });
      const { RefreshToken } = cognito.pool.issueTokens({ username: "alice", ...publicClient });
      for (const [AuthFlow, message] of Object.entries(notEnabled)) {
        const isAdmin = AuthFlow.startsWith("ADMIN");
        const outcome = outcomeOf(
          await cognito[isAdmin ? "callSigned" : "call"](isAdmin ? "AdminInitiateAuth" : "InitiateAuth", {
            UserPoolId: userPoolId,
            ClientId: publicClient.clientId,
            AuthFlow,
            AuthParameters: { USERNAME: "alice", PASSWORD: "Alice-demo-1", REFRESH_TOKEN: RefreshToken },
          }),
        );
        const about = `${ExplicitAuthFlows}: ${AuthFlow}`;
        if (!(enabled as readonly string[]).includes(AuthFlow))
          assert.deepEqual(outcome, invalid(message), about);
        else if (/SRP|CUSTOM|^USER_AUTH/.test(AuthFlow))
          assert.deepEqual(outcome, invalid(`${AuthFlow} is not emulated by the local user pool.`), about);
        else assert.equal(outcome[0], 200, about);
      }
    }
  });
});
