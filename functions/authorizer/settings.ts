import { requireVariable } from "../environment.ts";
import { parseKeySet, type SigningKey } from "./key-set.ts";
import type { TokenSource } from "./token-source.ts";

/** What the authorizer is told at deployment. A malformed value throws when the module loads: it never runs half-configured. */
export interface AuthorizerSettings {
  /** The only `iss` accepted, like https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI. */
  readonly issuer: string;
  readonly clientIds: readonly string[];
  readonly tokenUse: "access" | "id";
  readonly tokenSources: readonly TokenSource[];
  /** Any one of these is enough; none means every caller. */
  readonly requiredGroups: readonly string[];
  readonly requiredScopes: readonly string[];
  /** Origins of web pages that may connect, like https://app.example.com; none means that the origin is not checked. */
  readonly allowedOrigins: readonly string[];
  /** The API that this authorizer guards, like arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5. */
  readonly executionArn: string;
  /** The API in that ARN: what metrics are counted by. */
  readonly apiId: string;
  /** Keys shipped at deployment; undefined means that the first fetch happens at start. */
  readonly signingKeys: readonly SigningKey[] | undefined;
}

// Its stage is not read: it may change, and both stages are served until the old one is gone.
const [executionArn = ""] = matching(
  "CONNECT_ARN",
  /^arn:[a-z-]+:execute-api:[a-z0-9-]+:\d{12}:[a-z0-9]+\/[\w$-]+\/\$connect$/,
).split("/");

export const settings: AuthorizerSettings = {
  issuer: matching("ISSUER", /^https:\/\/[a-z0-9.-]+\/[\w-]+$/),
  clientIds: list("CLIENT_IDS", 1),
  tokenUse: oneOf("TOKEN_USE", ["access", "id"]),
  tokenSources: list("TOKEN_SOURCES", 1).map((source) =>
    known("TOKEN_SOURCES", source, ["header", "subprotocol", "query"]),
  ),
  requiredGroups: list("REQUIRED_GROUPS", 0),
  requiredScopes: list("REQUIRED_SCOPES", 0),
  allowedOrigins: list("ALLOWED_ORIGINS", 0),
  executionArn,
  apiId: executionArn.split(":")[5] ?? "",
  signingKeys: process.env.JWKS === undefined ? undefined : keySet("JWKS", process.env.JWKS),
};

function matching(name: string, pattern: RegExp): string {
  const value = requireVariable(name);
  if (!pattern.test(value)) throw new Error(`environment variable ${name} is malformed: ${value}`);
  return value;
}

function list(name: string, atLeast: number): string[] {
  const value = parsed(requireVariable(name));
  if (
    !Array.isArray(value) ||
    value.length < atLeast ||
    !value.every((item) => typeof item === "string" && item) ||
    new Set(value).size < value.length
  )
    throw new Error(
      `environment variable ${name} must be a JSON list of at least ${atLeast} strings, none twice`,
    );
  return value;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function keySet(name: string, json: string): SigningKey[] {
  try {
    return parseKeySet(json);
  } catch (error) {
    throw new Error(`environment variable ${name} is malformed: ${(error as Error).message}`);
  }
}

function oneOf<const T extends string>(name: string, allowed: readonly T[]): T {
  return known(name, requireVariable(name), allowed);
}

function known<const T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const match = allowed.find((candidate) => candidate === value);
  if (!match)
    throw new Error(`environment variable ${name} is ${value}, but must be ${allowed.join(" or ")}`);
  return match;
}
