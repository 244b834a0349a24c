import type { Credentials } from "../local/iam/sigv4.ts";
import { OperatorError } from "../local/operator-error.ts";
import { type Claims, claimsOf } from "./token-claims.ts";
import { type ProbeApi, probeApis, type Variable, variables } from "./variables.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What cases run against. */
export interface Target {
  readonly url: string;
  readonly token: string;
  readonly idToken: string | undefined;
  readonly expiredToken: string | undefined;
  readonly otherClientToken: string | undefined;
  readonly forbiddenToken: string | undefined;
  readonly managementEndpoint: string | undefined;
  readonly credentials: (Credentials & { readonly region: string }) | undefined;
  readonly userPoolEndpoint: string | undefined;
  readonly probeUrls: Readonly<Record<ProbeApi, string>> | undefined;
  /** Whether cases may take hours. */
  readonly slow: true | undefined;
  /** Resolves when one more connection may be opened. */
  readonly admitted: () => Promise<void>;
}

/** What a target may lack, and cases need. */
export type Need = {
  [K in keyof Target]-?: undefined extends Target[K] ? K : never;
}[keyof Target];

export type TargetWith<N extends Need> = Target & { readonly [K in N]-?: NonNullable<Target[K]> };

export interface TargetOptions {
  readonly slow?: boolean;
  /** New connections per second; this project's default throttle is 50. */
  readonly connectionsPerSecond?: number;
}

/**
 * Reads the variables that tell of the target.
 * @throws {OperatorError} that names every one that is missing or malformed and how to get it, and shows no token
 */
export function readTarget(
  environment: Environment,
  { slow, connectionsPerSecond = 40 }: TargetOptions = {},
): Target {
  const read = new Reader(environment);
  const target: Target = {
    url: read.required(variables.url, stageUrl("ws")) ?? "",
    token: read.required(variables.token, validToken("access")) ?? "",
    idToken: read.optional(variables.idToken, validToken("id")),
    expiredToken: read.optional(variables.expiredToken, expiredToken),
    otherClientToken: read.optional(variables.otherClientToken, validToken("access")),
    forbiddenToken: read.optional(variables.forbiddenToken, validToken("access")),
    managementEndpoint: read.optional(variables.managementEndpoint, stageUrl("http")),
    credentials: credentialsOf(environment),
    userPoolEndpoint: read.optional(variables.userPoolEndpoint, httpUrl),
    probeUrls: read.optional(variables.probeUrls, urlsOfProbe),
    slow: slow ? true : undefined,
    admitted: pace(connectionsPerSecond),
  };
  if (read.problems.length > 0) throw new OperatorError(read.problems.join("\n\n"));
  return target;
}

/** What the target lacks of what a case needs. */
export function missingNeeds(target: Target, needs: readonly Need[]): Need[] {
  return needs.filter((need) => target[need] === undefined);
}

/** The target as one that has what is needed. @throws {Error} that names what it lacks */
export function requireNeeds<N extends Need>(target: Target, needs: readonly N[]): TargetWith<N> {
  const missing = missingNeeds(target, needs);
  if (missing.length > 0) throw new Error(`the target has no ${missing.join(", ")}`);
  return target as TargetWith<N>;
}

/** A value that a variable cannot have; its message says what is wrong, without the value. */
class Malformed extends Error {}

class Reader {
  readonly problems: string[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  required<T>(variable: Variable, parse: (value: string) => T): T | undefined {
    if (!this.#environment[variable.name]) this.#refuse(variable, "is not set");
    return this.optional(variable, parse);
  }

  optional<T>(variable: Variable, parse: (value: string) => T): T | undefined {
    const value = this.#environment[variable.name];
    if (!value) return undefined;
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.#refuse(variable, error.message);
      return undefined;
    }
  }

  #refuse({ name, what, deployed, local }: Variable, problem: string) {
    this.problems.push(
      `${name} ${problem}. It is ${what}:\n  deployed stack  ${deployed}\n  npm start       ${local}`,
    );
  }
}

function httpUrl(value: string): string {
  return urlOf(value, "http").href.replace(/\/$/, "");
}

/** @param scheme `ws` or `http`, with or without TLS */
function stageUrl(scheme: "ws" | "http"): (value: string) => string {
  return (value) => {
    const { href, search, hash } = urlOf(value, scheme);
    if (search || hash) throw new Malformed("has a query or a fragment");
    return href.replace(/\/$/, "");
  };
}

function urlOf(value: string, scheme: string): URL {
  const url = URL.parse(value);
  if (url?.protocol === `${scheme}:` || url?.protocol === `${scheme}s:`) return url;
  throw new Malformed(`is ${JSON.stringify(value)}, but must begin with ${scheme}s:// or ${scheme}://`);
}

function validToken(use: "access" | "id"): (value: string) => string {
  return (value) => {
    const { token_use: actual, exp } = readClaims(value);
    if (actual !== use) throw new Malformed(`is a token for the use ${JSON.stringify(actual)}, not "${use}"`);
    if (!(Number(exp) * 1000 > Date.now())) throw new Malformed("has expired: sign in again");
    return value;
  };
}

function expiredToken(value: string): string {
  const expiresAt = Number(readClaims(value).exp) * 1000;
  if (expiresAt < Date.now()) return value;
  throw new Malformed(`is good until ${new Date(expiresAt).toISOString()}`);
}

function readClaims(value: string): Claims {
  try {
    return claimsOf(value);
  } catch {
    throw new Malformed("is no JWT: it must be the token alone, three parts with dots between");
  }
}

function urlsOfProbe(value: string): Readonly<Record<ProbeApi, string>> {
  const urls = objectOf(value);
  const missing = probeApis.filter((api) => typeof urls[api] !== "string");
  if (missing.length > 0) throw new Malformed(`is a JSON object without ${missing.join(", ")}`);
  return Object.fromEntries(probeApis.map((api) => [api, stageUrl("ws")(String(urls[api]))])) as Record<
    ProbeApi,
    string
  >;
}

function objectOf(json: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(json));
  } catch {
    throw new Malformed("is not JSON");
  }
}

/** The standard variables; what signs in another way has to set them for the run. */
function credentialsOf(environment: Environment): Target["credentials"] {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_REGION: region,
  } = environment;
  if (!accessKeyId || !secretAccessKey || !region) return undefined;
  return { accessKeyId, secretAccessKey, region, ...(sessionToken && { sessionToken }) };
}

/** Lets callers through at even intervals. */
function pace(perSecond: number): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = performance.now();
    const at = Math.max(now, next);
    next = at + 1000 / perSecond;
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now));
  };
}
