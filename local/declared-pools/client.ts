import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../graph/resource-graph.ts";
import { allowsFlow, type ClientSettings, defaultClientSettings } from "../user-pool/app-client.ts";
import { type PoolPart, withInputs } from "./pool-part.ts";

/** Properties of the resource that are settings of the client, with the API's names that are not the same in Pascal case. */
const properties: Readonly<Record<string, string>> = {
  accessTokenValidity: "AccessTokenValidity",
  allowedOauthFlows: "AllowedOAuthFlows",
  allowedOauthFlowsUserPoolClient: "AllowedOAuthFlowsUserPoolClient",
  allowedOauthScopes: "AllowedOAuthScopes",
  authSessionValidity: "AuthSessionValidity",
  callbackUrls: "CallbackURLs",
  defaultRedirectUri: "DefaultRedirectURI",
  enablePropagateAdditionalUserContextData: "EnablePropagateAdditionalUserContextData",
  enableTokenRevocation: "EnableTokenRevocation",
  explicitAuthFlows: "ExplicitAuthFlows",
  idTokenValidity: "IdTokenValidity",
  logoutUrls: "LogoutURLs",
  name: "ClientName",
  preventUserExistenceErrors: "PreventUserExistenceErrors",
  readAttributes: "ReadAttributes",
  refreshTokenRotation: "RefreshTokenRotation",
  refreshTokenValidity: "RefreshTokenValidity",
  supportedIdentityProviders: "SupportedIdentityProviders",
  tokenValidityUnits: "TokenValidityUnits",
  writeAttributes: "WriteAttributes",
};

/** Flows that the emulated pool signs users in by. */
const knownFlows = ["USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH"];

/** An app client. */
export const client: PoolPart = {
  type: "aws:cognito/userPoolClient:UserPoolClient",
  put(pool, { id, inputs, outputs }) {
    const settings = settingsOf({ ...inputs, name: outputs.name });
    pool.putClient({ clientId: id, clientSecret: outputs.clientSecret || undefined, settings });
    return knownFlows.some((flow) => allowsFlow(settings, flow))
      ? undefined
      : `local mode does not know the flows that it allows to sign in by: give it ALLOW_${knownFlows.join(" or ALLOW_")} in explicitAuthFlows`;
  },
  remove: (pool, { id }) => pool.deleteClient(id),
  read(pool, { id, inputs }) {
    const settings: Properties | undefined = pool.findClient(id)?.settings;
    if (!settings) return undefined;
    // What a program leaves out is computed: another value of it is no change of the inputs.
    const given = Object.entries(properties).filter(([property]) => isSet(inputs[property]));
    const present = given.map(([property, setting]) => [
      property,
      kept(inputs[property], propertyOf(settings[setting]), property),
    ]);
    return { inputs: withInputs(inputs, Object.fromEntries(present)) };
  },
};

/** The settings of a client's inputs; what is left out has Cognito's default. */
function settingsOf(inputs: Properties): ClientSettings {
  const given = Object.entries(properties)
    .map(([property, setting]) => [setting, settingOf(inputs[property])] as const)
    .filter(
      ([setting, value]) => value !== undefined && !(setting === "RefreshTokenValidity" && value === 0),
    );
  return { ...defaultClientSettings, ...Object.fromEntries(given) } as ClientSettings;
}

/** The value as it was given, where it means the same: lists are sets, and a refresh token's 0 is the default. */
function kept(given: unknown, present: unknown, property: string): unknown {
  if (property === "refreshTokenValidity" && given === 0)
    return present === defaultClientSettings.RefreshTokenValidity ? given : present;
  if (!Array.isArray(given)) return present;
  if (given.length === 0 && present === undefined) return given;
  const isSame = Array.isArray(present) && isDeepStrictEqual(given.toSorted(), present.toSorted());
  return isSame ? given : present;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Members of structures have other letter cases; an empty list is as good as none. */
function settingOf(value: unknown): unknown {
  if (!isSet(value) || (Array.isArray(value) && value.length === 0)) return undefined;
  return renamed(value, (name) => name.charAt(0).toUpperCase() + name.slice(1));
}

function propertyOf(value: unknown): unknown {
  return renamed(value, (name) => name.charAt(0).toLowerCase() + name.slice(1));
}

function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value).filter(([, member]) => isSet(member));
  return Object.fromEntries(members.map(([name, member]) => [rename(name), member]));
}
