import assert from "node:assert/strict";
import { operations } from "../../local/user-pool/operations.ts";
import { signToken } from "../../local/user-pool/sign-token.ts";
import { generateSigningKeys } from "../../local/user-pool/signing-keys.ts";
import { UserPool } from "../../local/user-pool/user-pool.ts";
import {
  type LocalCognito,
  outcomeOf,
  publicClient,
  refusal,
  secretClient,
  startLocalCognito,
  startTimeSeconds,
  userPoolId,
} from "./local-cognito.ts";

const notAuthorized = (message: string) => refusal("NotAuthorizedException", message);
const emailAttributes = [
  { Name: "email", Value: "alice@example.com" },
  { Name: "email_verified", Value: "true" },
];

describe("Cognito operations", () => {
  let cognito: LocalCognito;

  beforeEach(async () => {
    cognito = await startLocalCognito();
  });

  afterEach(() => cognito.server.close());

  const issueTokens = (username = "alice", clientId = publicClient.clientId) =>
    cognito.pool.issueTokens({ username, clientId });
  const subOf = (username: string) => cognito.pool.findUser(username)?.sub;
  const getUser = async (AccessToken: string) => outcomeOf(await cognito.call("GetUser", { AccessToken }));
  const refresh = async (REFRESH_TOKEN: string | undefined) =>
    outcomeOf(
      await cognito.call("InitiateAuth", {
        AuthFlow: "REFRESH_TOKEN_AUTH",
        ClientId: publicClient.clientId,
        AuthParameters: { REFRESH_TOKEN },
      }),
    );

  it("are these, of which these need an AWS signature", () => {
    assert.deepEqual(
      [...operations].map(([name, { credentials }]) => [name, credentials]),
      [
        ["AdminGetUser", "signature"],
        ["AdminInitiateAuth", "signature"],
        ["DescribeUserPool", "signature"],
        ["DescribeUserPoolClient", "signature"],
        ["GetUser", "none"],
        ["GlobalSignOut", "none"],
        ["InitiateAuth", "none"],
        ["ListUserPoolClients", "signature"],
        ["RevokeToken", "none"],
      ],
    );
  });

  it("describe a client, with its secret when it has one", async () => {
    const describeClient = async (ClientId: string) =>
      outcomeOf(await cognito.callSigned("DescribeUserPoolClient", { UserPoolId: userPoolId, ClientId }));
    const described = (clientId: string) => ({
      AllowedOAuthFlowsUserPoolClient: false,
      ClientId: clientId,
      ClientName: clientId,
      CreationDate: startTimeSeconds,
      EnableTokenRevocation: true,
      ExplicitAuthFlows: [
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
      ],
      LastModifiedDate: startTimeSeconds,
      PreventUserExistenceErrors: "LEGACY",
      RefreshTokenValidity: 30,
      UserPoolId: userPoolId,
    });
    assert.deepEqual(await describeClient("publicclient1"), [
      200,
      { UserPoolClient: described("publicclient1") },
    ]);
    assert.deepEqual(await describeClient("secretclient1"), [
      200,
      { UserPoolClient: { ...described("secretclient1"), ClientSecret: "localsecret1" } },
    ]);
    assert.deepEqual(
      await describeClient("other"),
      refusal("ResourceNotFoundException", "User pool client other does not exist."),
    );
  });

  it("list the clients without their secrets", async () => {
    assert.deepEqual(
      outcomeOf(await cognito.callSigned("ListUserPoolClients", { UserPoolId: userPoolId, MaxResults: 60 })),
      [
        200,
        {
          UserPoolClients: ["publicclient1", "secretclient1"].map((clientId) => ({
            ClientId: clientId,
            ClientName: clientId,
            UserPoolId: userPoolId,
          })),
        },
      ],
    );
  });

  it("describe the pool", async () => {
    assert.deepEqual(outcomeOf(await cognito.callSigned("DescribeUserPool", { UserPoolId: userPoolId })), [
      200,
      {
        UserPool: {
          Arn: "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_LocalPool",
          CreationDate: startTimeSeconds,
          DeletionProtection: "INACTIVE",
          EstimatedNumberOfUsers: 2,
          Id: userPoolId,
          LambdaConfig: {},
          LastModifiedDate: startTimeSeconds,
          MfaConfiguration: "OFF",
          Name: userPoolId,
          Policies: {
            PasswordPolicy: {
              MinimumLength: 8,
              RequireLowercase: true,
              RequireNumbers: true,
              RequireSymbols: true,
              RequireUppercase: true,
              TemporaryPasswordValidityDays: 7,
            },
          },
          UserPoolTier: "ESSENTIALS",
        },
      },
    ]);
  });

  it("name the pool by an ARN of its partition", async () => {
    const arnOf = async (id: string) => {
      const { signingKeys } = cognito.pool;
      const pool = new UserPool({ userPoolId: id, clients: [], users: [], signingKeys });
      const reply = await operations.get("DescribeUserPool")?.run(pool, { UserPoolId: id });
      return (reply as { UserPool: { Arn: string } }).UserPool.Arn;
    };
    assert.deepEqual(await Promise.all(["cn-north-1_aB1", "us-gov-west-1_aB1"].map(arnOf)), [
      "arn:aws-cn:cognito-idp:cn-north-1:123456789012:userpool/cn-north-1_aB1",
      "arn:aws-us-gov:cognito-idp:us-gov-west-1:123456789012:userpool/us-gov-west-1_aB1",
    ]);
  });

  it("know no pool but their own", async () => {
    const UserPoolId = "us-east-1_Other";
    const replies = await Promise.all([
      cognito.callSigned("DescribeUserPool", { UserPoolId }),
      cognito.callSigned("DescribeUserPoolClient", { UserPoolId, ClientId: publicClient.clientId }),
      cognito.callSigned("ListUserPoolClients", { UserPoolId }),
      cognito.callSigned("AdminGetUser", { UserPoolId, Username: "alice" }),
    ]);
    assert.deepEqual(
      replies.map(outcomeOf),
      replies.map(() => refusal("ResourceNotFoundException", "User pool us-east-1_Other does not exist.")),
    );
  });

  it("tell an administrator about a user", async () => {
    const adminGetUser = async (Username: string) =>
      outcomeOf(await cognito.callSigned("AdminGetUser", { UserPoolId: userPoolId, Username }));
    assert.deepEqual(await adminGetUser("alice"), [
      200,
      {
        Enabled: true,
        UserAttributes: [...emailAttributes, { Name: "sub", Value: subOf("alice") }],
        UserCreateDate: startTimeSeconds,
        UserLastModifiedDate: startTimeSeconds,
        UserStatus: "CONFIRMED",
        Username: "alice",
      },
    ]);
    assert.deepEqual(await adminGetUser("carol"), refusal("UserNotFoundException", "User does not exist."));
  });

  it("tell the holder of an access token who they are", async () => {
    assert.deepEqual(await getUser(issueTokens("alice").AccessToken), [
      200,
      { UserAttributes: [...emailAttributes, { Name: "sub", Value: subOf("alice") }], Username: "alice" },
    ]);
    assert.deepEqual(await getUser(issueTokens("bob").AccessToken), [
      200,
      { UserAttributes: [{ Name: "sub", Value: subOf("bob") }], Username: "bob" },
    ]);
  });

  it("refuse access tokens that are malformed, forged, foreign, expired or without the scope", async () => {
    const { AccessToken, IdToken } = issueTokens();
    const claims = JSON.parse(Buffer.from(AccessToken.split(".")[1] ?? "", "base64url").toString());
    const { access } = cognito.pool.signingKeys;
    const forge = (changes: object, header = {}) => signToken({ ...claims, ...changes }, access, header);
    const stranger = { ...generateSigningKeys().access, kid: access.kid };
    const badSignature = notAuthorized("Could not verify signature for Access Token");
    const badToken = notAuthorized("Invalid Access Token");
    for (const [token, expected] of [
      [forge({}), [200, (await cognito.call("GetUser", { AccessToken })).body]],
      ["made-up", badToken],
      [`${AccessToken.split(".")[0]}.bm90IGpzb24.c2ln`, badToken],
      [signToken(claims, stranger), badSignature],
      [forge({}, { kid: "other" }), badSignature],
      [forge({}, { alg: "none" }), badSignature],
      [IdToken, badSignature],
      [forge({ token_use: "id" }), badToken],
      [forge({ iss: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other" }), badToken],
      [forge({ username: "carol" }), badToken],
      [forge({ exp: startTimeSeconds }), notAuthorized("Access Token has expired")],
      [forge({ exp: undefined }), notAuthorized("Access Token has expired")],
      [forge({ scope: "openid" }), notAuthorized("Access Token does not have required scopes")],
    ] as const) {
      assert.deepEqual(await getUser(token), expected);
    }
  });

  it("revoke one session, and its access token for Cognito itself", async () => {
    const [revoked, kept] = [issueTokens(), issueTokens()];
    const reply = await cognito.call("RevokeToken", {
      Token: revoked.RefreshToken,
      ClientId: publicClient.clientId,
    });
    assert.deepEqual(outcomeOf(reply), [200, {}]);
    assert.deepEqual(await refresh(revoked.RefreshToken), notAuthorized("Refresh Token has been revoked"));
    assert.deepEqual(await getUser(revoked.AccessToken), notAuthorized("Access Token has been revoked"));
    assert.equal((await refresh(kept.RefreshToken))[0], 200);
    assert.equal((await getUser(kept.AccessToken))[0], 200);
  });

  it("revoke only refresh tokens, for the client they belong to, with its secret", async () => {
    const { RefreshToken: Token } = issueTokens("alice", secretClient.clientId);
    const { AccessToken } = issueTokens();
    const revoke = async (input: object) => outcomeOf(await cognito.call("RevokeToken", input));
    const { clientId: ClientId, clientSecret: ClientSecret } = secretClient;
    const wrongSecret = refusal("UnauthorizedException", "Unable to verify secret for client secretclient1");
    assert.deepEqual(await revoke({ Token, ClientId }), wrongSecret);
    assert.deepEqual(await revoke({ Token, ClientId, ClientSecret: "other" }), wrongSecret);
    assert.deepEqual(
      await revoke({ Token, ClientId: publicClient.clientId }),
      refusal("UnauthorizedException", "Refresh Token has different Client"),
    );
    assert.deepEqual(
      await revoke({ Token: AccessToken, ClientId: publicClient.clientId }),
      refusal("UnsupportedTokenTypeException", "Unsupported token type"),
    );
    assert.deepEqual(await revoke({ Token, ClientId, ClientSecret }), [200, {}]);
  });

  it("sign a user out of every session, and nobody else", async () => {
    const [first, second, bob] = [issueTokens(), issueTokens(), issueTokens("bob")];
    assert.deepEqual(outcomeOf(await cognito.call("GlobalSignOut", { AccessToken: first.AccessToken })), [
      200,
      {},
    ]);
    for (const { AccessToken, RefreshToken } of [first, second]) {
      assert.deepEqual(await getUser(AccessToken), notAuthorized("Access Token has been revoked"));
      assert.deepEqual(await refresh(RefreshToken), notAuthorized("Refresh Token has been revoked"));
    }
    assert.equal((await getUser(bob.AccessToken))[0], 200);
    assert.equal((await refresh(bob.RefreshToken))[0], 200);
    assert.equal((await getUser(issueTokens().AccessToken))[0], 200);
  });
});
