import { Refusal } from "./refusal.ts";
import type { AuthorizerSettings } from "./settings.ts";

/** The claims of a Cognito access or ID token that the authorizer relies on, each of the type that it checked. */
export interface Claims {
  readonly sub: string;
  readonly username: string;
  readonly clientId: string;
  readonly tokenUse: "access" | "id";
  readonly scopes: readonly string[];
  readonly groups: readonly string[];
  /** Seconds since 1970. */
  readonly exp: number;
  readonly jti: string;
  readonly originJti: string;
}

type Payload = Readonly<Record<string, unknown>>;

const maxSubjectLength = 128;
const maxSkewSeconds = 60;
/** Cognito's longest lifetime of an access or ID token. */
const maxLifetimeSeconds = 24 * 60 * 60;

/** Checks what the token claims against what this stack accepts. */
export function checkClaims(payload: Payload, settings: AuthorizerSettings): Claims {
  if (payload.iss !== settings.issuer) throw new Refusal("wrong_issuer");
  const exp = checkTimes(payload, Date.now() / 1000);
  const { sub, token_use: tokenUse } = payload;
  if (typeof sub !== "string" || sub === "" || sub.length > maxSubjectLength)
    throw new Refusal("invalid_subject");
  if (tokenUse !== settings.tokenUse) throw new Refusal("wrong_token_use");
  const clientId = payload[settings.tokenUse === "access" ? "client_id" : "aud"];
  if (typeof clientId !== "string" || !settings.clientIds.includes(clientId))
    throw new Refusal("wrong_client");
  return {
    sub,
    username: text(payload[settings.tokenUse === "access" ? "username" : "cognito:username"]),
    clientId,
    tokenUse: settings.tokenUse,
    scopes: text(payload.scope).split(" ").filter(Boolean),
    groups: strings(payload["cognito:groups"]),
    exp,
    jti: text(payload.jti),
    originJti: text(payload.origin_jti),
  };
}

function checkTimes({ exp, iat, nbf = 0 }: Payload, now: number): number {
  if (!isSeconds(exp) || !isSeconds(iat) || !isSeconds(nbf)) throw new Refusal("invalid_time");
  if (!(now < exp)) throw new Refusal("expired");
  if (iat > now + maxSkewSeconds || nbf > now) throw new Refusal("not_yet_valid");
  if (exp <= iat) throw new Refusal("invalid_time");
  if (exp - iat > maxLifetimeSeconds) throw new Refusal("lifetime_too_long");
  return exp;
}

function isSeconds(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
