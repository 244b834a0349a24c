import {
  type AppClient,
  type ClientSettings,
  checkClientSettings,
  defaultClientSettings,
  newClientId,
  newClientSecret,
} from "./app-client.ts";
import type { InputOf } from "./input.ts";
import {
  clientIdMember,
  clientSecretMember,
  defineOperation,
  requireClient,
  userPoolIdMember,
} from "./operation.ts";
import { pageOf, pageTokenMember } from "./page.ts";
import type { UserPool } from "./user-pool.ts";

const clientNameMember = { type: "string", pattern: "[\\w\\s+=,.@-]+", min: 1, max: 128 } as const;
const lifetimeMember = { type: "integer", min: 1, max: 86_400 } as const;
const unitMember = { type: "string", values: ["seconds", "minutes", "hours", "days"] } as const;

const textMember = { type: "string", max: 2048 } as const;
const textsMember = { type: "list", item: textMember } as const;

/** Members without an effect. */
const inertMembers = {
  AllowedOAuthFlows: textsMember,
  AllowedOAuthFlowsUserPoolClient: { type: "boolean" },
  AllowedOAuthScopes: textsMember,
  CallbackURLs: textsMember,
  DefaultRedirectURI: textMember,
  EnablePropagateAdditionalUserContextData: { type: "boolean" },
  LogoutURLs: textsMember,
  ReadAttributes: textsMember,
  SupportedIdentityProviders: textsMember,
  WriteAttributes: textsMember,
} as const;

const settingMembers = {
  ...inertMembers,
  RefreshTokenValidity: { type: "integer", min: 0, max: 315_360_000 },
  AccessTokenValidity: lifetimeMember,
  IdTokenValidity: lifetimeMember,
  TokenValidityUnits: {
    type: "structure",
    members: { AccessToken: unitMember, IdToken: unitMember, RefreshToken: unitMember },
  },
  ExplicitAuthFlows: {
    type: "list",
    item: {
      type: "string",
      values: [
        "ADMIN_NO_SRP_AUTH",
        "CUSTOM_AUTH_FLOW_ONLY",
        "USER_PASSWORD_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_USER_AUTH",
      ],
    },
  },
  PreventUserExistenceErrors: { type: "string", values: ["LEGACY", "ENABLED"] },
  EnableTokenRevocation: { type: "boolean" },
  AuthSessionValidity: { type: "integer", min: 3, max: 15 },
  RefreshTokenRotation: {
    type: "structure",
    members: {
      Feature: { type: "string", required: true, values: ["ENABLED", "DISABLED"] },
      RetryGracePeriodSeconds: { type: "integer", min: 0, max: 60 },
    },
  },
} as const;

/** App clients. What is about OAuth and attributes is kept, and has no effect; analytics are left out. */
export const clientOperations = {
  CreateUserPoolClient: defineOperation({
    credentials: "signature",
    members: {
      UserPoolId: userPoolIdMember,
      ClientName: { ...clientNameMember, required: true },
      GenerateSecret: { type: "boolean" },
      ClientSecret: clientSecretMember,
      ...settingMembers,
    },
    run(pool, { ClientName, GenerateSecret = false, ClientSecret, ...settings }) {
      const clientSecret = ClientSecret ?? (GenerateSecret ? newClientSecret() : undefined);
      const client = pool.putClient({
        clientId: newClientId(),
        clientSecret,
        settings: readSettings(ClientName, settings),
      });
      return { UserPoolClient: describeClient(pool, client) };
    },
  }),

  /** What is left out gets its default, as documented; but not the name. */
  UpdateUserPoolClient: defineOperation({
    credentials: "signature",
    members: {
      UserPoolId: userPoolIdMember,
      ClientId: clientIdMember,
      ClientName: clientNameMember,
      ...settingMembers,
    },
    run(pool, { ClientId, ClientName, ...settings }) {
      const { clientId, clientSecret, settings: former } = requireClient(pool, ClientId);
      const client = pool.putClient({
        clientId,
        clientSecret,
        settings: readSettings(ClientName ?? former.ClientName, settings),
      });
      return { UserPoolClient: describeClient(pool, client) };
    },
  }),

  DescribeUserPoolClient: defineOperation({
    credentials: "signature",
    members: { UserPoolId: userPoolIdMember, ClientId: clientIdMember },
    run(pool, { ClientId }) {
      return { UserPoolClient: describeClient(pool, requireClient(pool, ClientId)) };
    },
  }),

  DeleteUserPoolClient: defineOperation({
    credentials: "signature",
    members: { UserPoolId: userPoolIdMember, ClientId: clientIdMember },
    run(pool, { ClientId }) {
      pool.deleteClient(requireClient(pool, ClientId).clientId);
      return {};
    },
  }),

  ListUserPoolClients: defineOperation({
    credentials: "signature",
    members: {
      UserPoolId: userPoolIdMember,
      MaxResults: { type: "integer", min: 1, max: 60 },
      NextToken: pageTokenMember,
    },
    run(pool, { MaxResults, NextToken }) {
      const { items, next } = pageOf(pool.clients, MaxResults, NextToken);
      return {
        UserPoolClients: items.map(({ clientId, settings: { ClientName } }) => ({
          ClientId: clientId,
          ClientName,
          UserPoolId: pool.id,
        })),
        ...(next !== undefined && { NextToken: next }),
      };
    },
  }),
};

/** The settings with the defaults of what is left out; a refresh token validity of 0 means the default, as documented. */
function readSettings(ClientName: string, input: InputOf<typeof settingMembers>): ClientSettings {
  const given = Object.entries(input).filter(
    ([name, value]) => value !== undefined && !(name === "RefreshTokenValidity" && value === 0),
  );
  const settings: ClientSettings = { ...defaultClientSettings, ClientName, ...Object.fromEntries(given) };
  checkClientSettings(settings);
  return settings;
}

function describeClient(
  { id }: UserPool,
  { clientId, clientSecret, settings, createdAt, modifiedAt }: AppClient,
): object {
  return {
    AllowedOAuthFlowsUserPoolClient: false,
    ...settings,
    ClientId: clientId,
    ...(clientSecret !== undefined && { ClientSecret: clientSecret }),
    CreationDate: createdAt,
    LastModifiedDate: modifiedAt,
    UserPoolId: id,
  };
}
