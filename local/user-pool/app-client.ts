import { randomInt } from "node:crypto";
import { CognitoError } from "./cognito-error.ts";

/** The unit of a lifetime. */
export type TimeUnit = "seconds" | "minutes" | "hours" | "days";

/** What an app client keeps and describes, and has no effect here. */
interface InertClientSettings {
  readonly AllowedOAuthFlows?: readonly string[] | undefined;
  readonly AllowedOAuthFlowsUserPoolClient?: boolean | undefined;
  readonly AllowedOAuthScopes?: readonly string[] | undefined;
  readonly CallbackURLs?: readonly string[] | undefined;
  readonly DefaultRedirectURI?: string | undefined;
  readonly EnablePropagateAdditionalUserContextData?: boolean | undefined;
  readonly LogoutURLs?: readonly string[] | undefined;
  readonly ReadAttributes?: readonly string[] | undefined;
  readonly SupportedIdentityProviders?: readonly string[] | undefined;
  readonly WriteAttributes?: readonly string[] | undefined;
}

/** What can be set on an app client, under the API's own names; an optional one that is not there has its default. */
export interface ClientSettings extends InertClientSettings {
  readonly ClientName: string;
  readonly RefreshTokenValidity: number;
  readonly AccessTokenValidity?: number | undefined;
  readonly IdTokenValidity?: number | undefined;
  readonly TokenValidityUnits?: Readonly<
    Partial<Record<"AccessToken" | "IdToken" | "RefreshToken", TimeUnit | undefined>>
  >;
  readonly ExplicitAuthFlows?: readonly string[] | undefined;
  readonly PreventUserExistenceErrors: "LEGACY" | "ENABLED";
  readonly EnableTokenRevocation: boolean;
  /** Minutes in which a challenge must be answered. */
  readonly AuthSessionValidity: number;
  readonly RefreshTokenRotation?:
    | {
        readonly Feature: "ENABLED" | "DISABLED";
        readonly RetryGracePeriodSeconds?: number | undefined;
      }
    | undefined;
}

/** An app client; with a `clientSecret`, its sign-ins need a SECRET_HASH. */
export interface AppClient {
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  readonly settings: ClientSettings;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** A client as given to the pool: it signs in by password, from a browser or with AWS credentials, and refreshes. */
export interface AppClientArgs {
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  readonly settings?: Partial<ClientSettings>;
}

/** Cognito's defaults of what a client's creator leaves out. */
export const defaultClientSettings = {
  RefreshTokenValidity: 30,
  PreventUserExistenceErrors: "LEGACY",
  EnableTokenRevocation: true,
  AuthSessionValidity: 3,
} as const;

const secondsIn: Readonly<Record<TimeUnit, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** Lifetimes of a client's tokens in seconds. */
export interface TokenLifetimes {
  readonly access: number;
  readonly id: number;
  readonly refresh: number;
}

/** What the client's settings come to: by default one hour for access and ID tokens, and 30 days for refresh tokens. */
export function tokenLifetimes(settings: ClientSettings): TokenLifetimes {
  const {
    AccessToken = "hours",
    IdToken = "hours",
    RefreshToken = "days",
  } = settings.TokenValidityUnits ?? {};
  return {
    access: (settings.AccessTokenValidity ?? 3600 / secondsIn[AccessToken]) * secondsIn[AccessToken],
    id: (settings.IdTokenValidity ?? 3600 / secondsIn[IdToken]) * secondsIn[IdToken],
    refresh: settings.RefreshTokenValidity * secondsIn[RefreshToken],
  };
}

/** The flows that a client without `ExplicitAuthFlows` has. */
const defaultAuthFlows = ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"];

/** The older names: a client that has any of them may refresh and use SRP besides. */
const legacyFlows: Readonly<Record<string, readonly string[]>> = {
  ADMIN_NO_SRP_AUTH: ["ADMIN_USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH", "USER_SRP_AUTH"],
  USER_PASSWORD_AUTH: ["USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH", "USER_SRP_AUTH"],
  CUSTOM_AUTH_FLOW_ONLY: ["CUSTOM_AUTH", "REFRESH_TOKEN_AUTH"],
};

/** Whether a client has a flow, e.g. "USER_PASSWORD_AUTH". */
export function allowsFlow({ ExplicitAuthFlows = defaultAuthFlows }: ClientSettings, flow: string): boolean {
  return ExplicitAuthFlows.some((name) => name === `ALLOW_${flow}` || legacyFlows[name]?.includes(flow));
}

export function rotatesRefreshTokens({ RefreshTokenRotation }: ClientSettings): boolean {
  return RefreshTokenRotation?.Feature === "ENABLED";
}

/**
 * Refuses what Cognito refuses: access and ID tokens of less than 5 minutes, more than a day or more than the refresh
 * token; refresh tokens of less than an hour or more than ten years; old and new names of flows together.
 * Not confirmed: the text about flows, and that one text serves for all lifetimes.
 */
export function checkClientSettings(settings: ClientSettings): void {
  const { access, id, refresh } = tokenLifetimes(settings);
  const inRange = [access, id].every(
    (seconds) => seconds >= 300 && seconds <= secondsIn.days && seconds <= refresh,
  );
  if (!inRange || refresh < 3600 || refresh > 3650 * secondsIn.days) {
    throw new CognitoError("InvalidParameterException", "Invalid range for token validity.");
  }
  const flows = settings.ExplicitAuthFlows ?? [];
  if (flows.some((flow) => flow in legacyFlows) && flows.some((flow) => flow.startsWith("ALLOW_"))) {
    throw new CognitoError(
      "InvalidParameterException",
      "Legacy and new ExplicitAuthFlows values cannot be used together.",
    );
  }
}

/** 26 characters, as Cognito's. */
export function newClientId(): string {
  return randomText(26);
}

/** 52 characters, as Cognito's. */
export function newClientSecret(): string {
  return randomText(52);
}

function randomText(length: number): string {
  return Array.from({ length }, () => randomInt(36).toString(36)).join("");
}
