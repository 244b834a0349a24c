import { localAccountId, partitionOf } from "../account/partition.ts";
import { authenticateAccessToken } from "./access-token.ts";
import { CognitoError } from "./cognito-error.ts";
import { constantTimeEqual } from "./constant-time-equal.ts";
import { adminInitiateAuth, initiateAuth } from "./initiate-auth.ts";
import {
  clientIdMember,
  defineOperation,
  type Operation,
  requireClient,
  requirePool,
  tokenMember,
  userPoolIdMember,
} from "./operation.ts";
import { refreshTokenLifetimeSeconds, type User, type UserPool } from "./user-pool.ts";

const adminGetUser = defineOperation({
  credentials: "signature",
  members: { UserPoolId: userPoolIdMember, Username: { type: "string", required: true, sensitive: true } },
  run(pool, { UserPoolId, Username }) {
    requirePool(pool, UserPoolId);
    const user = pool.findUser(Username);
    if (user === undefined) throw new CognitoError("UserNotFoundException", "User does not exist.");
    return {
      Enabled: true,
      UserAttributes: attributesOf(user),
      UserCreateDate: pool.createdAt,
      UserLastModifiedDate: pool.createdAt,
      UserStatus: "CONFIRMED",
      Username: user.username,
    };
  },
});

const describeUserPool = defineOperation({
  credentials: "signature",
  members: { UserPoolId: userPoolIdMember },
  run(pool, { UserPoolId }) {
    requirePool(pool, UserPoolId);
    return { UserPool: describePool(pool) };
  },
});

const describeUserPoolClient = defineOperation({
  credentials: "signature",
  members: { UserPoolId: userPoolIdMember, ClientId: clientIdMember },
  run(pool, { UserPoolId, ClientId }) {
    requirePool(pool, UserPoolId);
    const { clientId, clientSecret } = requireClient(pool, ClientId);
    return {
      UserPoolClient: {
        AllowedOAuthFlowsUserPoolClient: false,
        ClientId: clientId,
        ClientName: clientId,
        ...(clientSecret !== undefined && { ClientSecret: clientSecret }),
        CreationDate: pool.createdAt,
        EnableTokenRevocation: true,
        ExplicitAuthFlows: [
          "ALLOW_ADMIN_USER_PASSWORD_AUTH",
          "ALLOW_REFRESH_TOKEN_AUTH",
          "ALLOW_USER_PASSWORD_AUTH",
        ],
        LastModifiedDate: pool.createdAt,
        PreventUserExistenceErrors: "LEGACY",
        RefreshTokenValidity: refreshTokenLifetimeSeconds / (24 * 3600),
        UserPoolId: pool.id,
      },
    };
  },
});

const getUser = defineOperation({
  credentials: "none",
  members: { AccessToken: tokenMember },
  run(pool, { AccessToken }) {
    const user = authenticateAccessToken(pool, AccessToken);
    return { UserAttributes: attributesOf(user), Username: user.username };
  },
});

const globalSignOut = defineOperation({
  credentials: "none",
  members: { AccessToken: tokenMember },
  run(pool, { AccessToken }) {
    pool.revokeSessionsOf(authenticateAccessToken(pool, AccessToken));
    return {};
  },
});

/** Lists every client at once: a pool has few here, and `MaxResults` and `NextToken` are not looked at. */
const listUserPoolClients = defineOperation({
  credentials: "signature",
  members: { UserPoolId: userPoolIdMember },
  run(pool, { UserPoolId }) {
    requirePool(pool, UserPoolId);
    return {
      UserPoolClients: pool.clients.map(({ clientId }) => ({
        ClientId: clientId,
        ClientName: clientId,
        UserPoolId: pool.id,
      })),
    };
  },
});

/** Not confirmed: the texts of these errors, and that an unknown refresh token is refused rather than ignored. */
const revokeToken = defineOperation({
  credentials: "none",
  members: {
    Token: tokenMember,
    ClientId: clientIdMember,
    ClientSecret: { type: "string", sensitive: true, pattern: "[\\w+]+" },
  },
  run(pool, { Token, ClientId, ClientSecret = "" }) {
    const { clientId, clientSecret = "" } = requireClient(pool, ClientId);
    if (!constantTimeEqual(clientSecret, ClientSecret)) {
      throw new CognitoError("UnauthorizedException", `Unable to verify secret for client ${clientId}`);
    }
    const session = pool.findSession(Token);
    if (session === undefined)
      throw new CognitoError("UnsupportedTokenTypeException", "Unsupported token type");
    if (session.clientId !== clientId) {
      throw new CognitoError("UnauthorizedException", "Refresh Token has different Client");
    }
    pool.revoke(session);
    return {};
  },
});

/** The operations of the API that the pool answers, by name; to add one, add an entry. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    AdminGetUser: adminGetUser,
    AdminInitiateAuth: adminInitiateAuth,
    DescribeUserPool: describeUserPool,
    DescribeUserPoolClient: describeUserPoolClient,
    GetUser: getUser,
    GlobalSignOut: globalSignOut,
    InitiateAuth: initiateAuth,
    ListUserPoolClients: listUserPoolClients,
    RevokeToken: revokeToken,
  }),
);

function attributesOf({ sub, email }: User): { Name: string; Value: string }[] {
  const emailAttributes = [
    { Name: "email", Value: email ?? "" },
    { Name: "email_verified", Value: "true" },
  ];
  return [...(email === undefined ? [] : emailAttributes), { Name: "sub", Value: sub }];
}

function describePool(pool: UserPool): object {
  const { partition } = partitionOf(pool.region);
  return {
    Arn: `arn:${partition}:cognito-idp:${pool.region}:${localAccountId}:userpool/${pool.id}`,
    CreationDate: pool.createdAt,
    DeletionProtection: "INACTIVE",
    EstimatedNumberOfUsers: pool.users.length,
    Id: pool.id,
    LambdaConfig: {},
    LastModifiedDate: pool.createdAt,
    MfaConfiguration: "OFF",
    Name: pool.id,
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
  };
}
