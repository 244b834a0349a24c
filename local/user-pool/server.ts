import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readBody } from "../http/http-body.ts";
import { isServedHost } from "../http/served-host.ts";
import { browserHeaders, preflightHeaders } from "./browser-access.ts";
import { CognitoError } from "./cognito-error.ts";
import { readInput } from "./input.ts";
import type { Email, Operation } from "./operation.ts";
import { operations } from "./operations.ts";
import type { UserPool } from "./user-pool.ts";
import { poolsOperations } from "./user-pool-operations.ts";
import type { UserPools } from "./user-pools.ts";

export interface UserPoolServerArgs {
  /** 0 takes a free port. */
  readonly port: number;
  /** Told of every sign-in and refresh, after its answer is decided. */
  readonly onAuthentication?: (event: AuthenticationEvent) => void;
  /** Told of what Cognito would send to a user: nothing is sent here. */
  readonly onEmail?: (email: Email) => void;
}

/** A sign-in or refresh without its secrets: a name that the pool does not know is undefined, not repeated. */
export interface AuthenticationEvent {
  /** E.g. "InitiateAuth". */
  readonly operation: string;
  readonly username: string | undefined;
  readonly clientId: string | undefined;
  /** "success", a challenge, e.g. "NEW_PASSWORD_REQUIRED", or the error's name, e.g. "NotAuthorizedException". */
  readonly outcome: string;
}

export interface UserPoolServer {
  readonly port: number;
  /** E.g. "http://127.0.0.1:9229", what `aws --endpoint-url` takes. */
  readonly url: string;
  /** Stops listening and drops open connections. */
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** None for a preflight request. */
  readonly contentType?: string;
  readonly body?: object;
}

const maxBodyBytes = 256 * 1024;
const targetPrefix = "AWSCognitoIdentityProviderService.";
const wellKnownPath = /^\/([\w-]+_[0-9a-zA-Z]+)\/\.well-known\/(jwks\.json|openid-configuration)$/;

/** Cognito's host in any region, and the host of newer issuers. */
const cognitoHost = /^(issuer-)?cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?(:\d+)?$/i;

/**
 * Serves pools as `cognito-idp.<region>.amazonaws.com` does, on loopback: the JSON API and each pool's public keys. It
 * serves the pools that there are when a request comes.
 * Operations that need AWS credentials need a signed request here too, but any credentials will do: the signature
 * is not verified. Rejects with Node's error, e.g. `code` "EADDRINUSE", when it cannot listen.
 */
export async function startUserPoolServer(
  pools: UserPools,
  args: UserPoolServerArgs,
): Promise<UserPoolServer> {
  const host = "127.0.0.1";
  const server = createServer(async (request, response) => {
    send(response, await answerRequest(pools, request, args));
  });
  server.listen(args.port, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answerRequest(
  pools: UserPools,
  request: IncomingMessage,
  args: UserPoolServerArgs,
): Promise<Answer> {
  const path = request.url?.split("?")[0] ?? "";
  const { method = "", headers } = request;
  const isRead = method === "GET" || method === "HEAD";
  try {
    if (!isServedHost(headers.host, []) && !cognitoHost.test(headers.host ?? "")) {
      throw new CognitoError("ForbiddenException", "this host is not served here", 403);
    }
    if (method === "OPTIONS") return { status: 200, headers: preflightHeaders(headers) };
    if (isRead) return answerWellKnown(pools, path);
    if (method === "POST" && path === "/") return await answerCall(pools, request, args);
    throw new CognitoError("UnknownOperationException", "", 404);
  } catch (error) {
    if (error instanceof CognitoError) return errorAnswer(error, isRead);
    if (request.errored === null) console.error(error);
    return errorAnswer(new CognitoError("InternalErrorException", "internal error", 500), isRead);
  }
}

/** Not confirmed: the status and the text with which Cognito answers for a pool that does not exist. */
function answerWellKnown(pools: UserPools, path: string): Answer {
  const [, userPoolId, document] = wellKnownPath.exec(path) ?? [];
  if (userPoolId === undefined) throw new CognitoError("UnknownOperationException", "", 404);
  const pool = pools.require(userPoolId);
  const body = document === "jwks.json" ? pool.jwks() : openIdConfiguration(pool);
  return { status: 200, contentType: "application/json", body };
}

/** What Cognito publishes for a pool without a domain: no authorization, token or userinfo endpoint. */
function openIdConfiguration({ issuer }: UserPool): object {
  return {
    id_token_signing_alg_values_supported: ["RS256"],
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ["code", "token"],
    scopes_supported: ["openid", "email", "phone", "profile"],
    subject_types_supported: ["public"],
  };
}

async function answerCall(
  pools: UserPools,
  request: IncomingMessage,
  args: UserPoolServerArgs,
): Promise<Answer> {
  const body = await readBody(request, maxBodyBytes);
  if (body === undefined) throw new CognitoError("RequestEntityTooLargeException", "", 413);
  const target = String(request.headers["x-amz-target"] ?? "");
  const name = target.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : "";
  const operation = operations.get(name) ?? poolsOperations.get(name);
  if (operation === undefined) throw new CognitoError("UnknownOperationException");
  const isSigned = request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 ") === true;
  const needsSignature = "runOnAll" in operation || operation.credentials === "signature";
  if (needsSignature && !isSigned) {
    throw new CognitoError("MissingAuthenticationTokenException", "Missing Authentication Token");
  }
  const input = readInput(operation.members, body.toString());
  return {
    status: 200,
    contentType: "application/x-amz-json-1.1",
    body:
      "runOnAll" in operation ? operation.runOnAll(pools, input) : run(name, operation, pools, input, args),
  };
}

function run(
  name: string,
  operation: Operation,
  pools: UserPools,
  input: Parameters<Operation["run"]>[1],
  { onAuthentication, onEmail = () => {} }: UserPoolServerArgs,
): object {
  let outcome = "InternalErrorException";
  let pool: UserPool | undefined;
  try {
    pool = pools.requireFor(input);
    const output = operation.run(pool, input, onEmail);
    outcome = "ChallengeName" in output ? String(output.ChallengeName) : "success";
    return output;
  } catch (error) {
    if (error instanceof CognitoError) outcome = error.code;
    throw error;
  } finally {
    if (operation.describeSubject) {
      const { username, clientId } = pool ? operation.describeSubject(pool, input) : {};
      onAuthentication?.({ operation: name, username, clientId, outcome });
    }
  }
}

function errorAnswer({ code, message, status }: CognitoError, isRead: boolean): Answer {
  return {
    status,
    contentType: isRead ? "application/json" : "application/x-amz-json-1.1",
    headers: {
      "x-amzn-ErrorType": `${code}:`,
      ...(message !== "" && { "x-amzn-ErrorMessage": message.replace(/[^\x20-\x7e]/g, "?").slice(0, 1024) }),
    },
    body: { __type: code, ...(message !== "" && { message }) },
  };
}

function send(response: ServerResponse, { status, contentType, headers, body }: Answer): void {
  const text = body === undefined ? "" : JSON.stringify(body);
  response
    .writeHead(status, {
      ...browserHeaders,
      ...headers,
      ...(contentType !== undefined && { "Content-Type": contentType }),
      "Content-Length": Buffer.byteLength(text),
      "x-amzn-RequestId": randomUUID(),
    })
    .end(text);
}
