import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import https from "node:https";
import { Module, syncBuiltinESMExports } from "node:module";
import type { asset } from "@pulumi/pulumi";
import type { PolicyAnswer } from "../../functions/authorizer/answer.ts";
import { bundleFunction } from "../../infra/bundle.ts";
import { evaluatePolicies, parsePolicyDocument } from "../../local/iam/policy-evaluator.ts";
import { publicJwk } from "../../local/user-pool/signing-keys.ts";
import { clientId, issuer, otherClientId, signingKeys } from "../token-factory.ts";
import { connectArn, type Event } from "./connect-request.ts";
import type { KeyEndpoint } from "./key-endpoint.ts";
import { assertNothingLeaks } from "./leaks.ts";

/** Seconds since 1970 at which every built authorizer's clock stands until a test moves it. */
export const startSeconds = Date.UTC(2026, 0, 1) / 1000;

/** The environment as the program sets it; undefined leaves a variable out. */
export type Environment = Readonly<Record<string, string | undefined>>;

export const environment: Environment = {
  ISSUER: issuer,
  JWKS: JSON.stringify({ keys: [signingKeys.id, signingKeys.access].map(publicJwk) }),
  CLIENT_IDS: JSON.stringify([clientId, otherClientId]),
  TOKEN_USE: "access",
  TOKEN_SOURCES: '["header","subprotocol","query"]',
  REQUIRED_GROUPS: "[]",
  REQUIRED_SCOPES: "[]",
  ALLOWED_ORIGINS: "[]",
  CONNECT_ARN: connectArn,
};

/** A decision as API Gateway makes it out of what the handler did. */
export interface Verdict {
  readonly status: 200 | 401 | 403 | 500;
  readonly reason: string;
  /** Undefined if the handler threw. */
  readonly policy: PolicyAnswer | undefined;
  /** The one line that was logged. */
  readonly logLine: string;
}

export interface BuiltAuthorizer {
  /** The time as the authorizer sees it. */
  readonly clock: { milliseconds: number };
  /** Addresses that it fetched, in order. */
  readonly fetches: readonly string[];
  /** Time limits that it set on its fetches, in milliseconds; they pass when the test says so. */
  readonly timeLimits: readonly number[];
  passTimeLimits(): void;
  decide(event: unknown): Promise<Verdict>;
}

interface Run {
  readonly fetch: (args: Parameters<typeof https.get>) => ReturnType<typeof https.get>;
  readonly output: string[];
}

const currentRun = new AsyncLocalStorage<Run>();
const bundle = await bundledText();

// Inside of a run, node:https asks the test's key endpoint; the rest of the process keeps its own.
const { get, request } = https;
https.get = ((...args: Parameters<typeof get>) =>
  currentRun.getStore()?.fetch(args) ?? get(...args)) as typeof get;
https.request = ((...args: Parameters<typeof get>) =>
  currentRun.getStore()?.fetch(args) ?? request(...args)) as typeof request;
syncBuiltinESMExports();

/**
 * Loads the authorizer as it would be uploaded, in an environment and with a clock of its own.
 * @throws {Error} what the module throws while it loads
 */
export function loadAuthorizer(overrides: Environment = {}, endpoint?: KeyEndpoint): BuiltAuthorizer {
  const clock = { milliseconds: startSeconds * 1000 };
  const fetches: string[] = [];
  const timeLimits: number[] = [];
  const controllers = new Set<AbortController>();
  const fetch: Run["fetch"] = (args) => {
    const [url, options, onResponse] = args as unknown as Parameters<KeyEndpoint["get"]>;
    fetches.push(String(url));
    assert.ok(endpoint, `no fetch is expected, but here is one of ${url}`);
    return endpoint.get(new URL(url), options, onResponse);
  };
  const env = definedOf({ ...environment, ...overrides });
  const write = (text: string) => currentRun.getStore()?.output.push(text);
  const globals = {
    process: Object.create(process, {
      env: { value: env },
      stdout: { value: { write } },
      stderr: { value: { write } },
    }),
    console: new Proxy(
      {},
      {
        get:
          (_, method) =>
          (...args: unknown[]) =>
            write(`${String(method)} ${args}`),
      },
    ),
    Date: class extends Date {
      static override now() {
        return clock.milliseconds;
      }
    },
    AbortSignal: {
      timeout(milliseconds: number) {
        timeLimits.push(milliseconds);
        const controller = new AbortController();
        controllers.add(controller);
        return controller.signal;
      },
    },
  };
  const { handler } = currentRun.run({ fetch, output: [] }, () => evaluate(globals));
  // Settings are read when the module loads, and never again.
  for (const name of Object.keys(env)) delete env[name];

  return {
    clock,
    fetches,
    timeLimits,
    passTimeLimits() {
      for (const controller of controllers)
        controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
      controllers.clear();
    },
    async decide(event) {
      const output: string[] = [];
      const outcome = await currentRun.run({ fetch, output }, () => settle(handler, event));
      assertNothingLeaks(event, [...output, outcome.message ?? ""]);
      assert.equal(output.length, 1, "each decision writes one line");
      const [logLine = ""] = output;
      return { ...judge(outcome, event), reason: JSON.parse(logLine).reason, logLine };
    },
  };
}

type Handler = (event: unknown) => Promise<PolicyAnswer>;

interface Outcome {
  readonly policy?: PolicyAnswer;
  readonly message?: string;
}

/** Runs the bundle as it is, in a function whose parameters hide the globals of these names. */
function evaluate(globals: Readonly<Record<string, unknown>>): { handler: Handler } {
  const wrapper = new Module(import.meta.filename) as Module & { _compile(code: string, file: string): void };
  wrapper._compile(`module.exports = function (module, exports, ${Object.keys(globals)}) {${bundle}\n}`, "");
  const module = { exports: {} as { handler: Handler } };
  wrapper.exports(module, module.exports, ...Object.values(globals));
  return module.exports;
}

async function settle(handler: Handler, event: unknown): Promise<Outcome> {
  try {
    return { policy: await handler(event) };
  } catch (error) {
    assert.ok(error instanceof Error);
    assert.deepEqual(Reflect.ownKeys(error).sort(), ["message", "stack"], "the runtime logs all members");
    return { message: error.message };
  }
}

/** API Gateway's reading of the outcome. */
function judge({ policy, message }: Outcome, event: unknown): Pick<Verdict, "status" | "policy"> {
  if (!policy) {
    assert.ok(message === "Unauthorized" || message === "Internal error", message);
    return { status: message === "Unauthorized" ? 401 : 500, policy };
  }
  assert.ok(Buffer.byteLength(JSON.stringify(policy)) <= 8192, "API Gateway takes at most 8 KB");
  const document = parsePolicyDocument(policy.policyDocument, "the authorizer's policy");
  const decision = evaluatePolicies([document], {
    action: "execute-api:Invoke",
    resource: (event as Event).methodArn,
  });
  return { status: decision === "allowed" ? 200 : 403, policy };
}

function definedOf(variables: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

async function bundledText(): Promise<string> {
  const assets = await bundleFunction("authorizer").assets;
  return (assets["index.js"] as asset.StringAsset).text;
}
