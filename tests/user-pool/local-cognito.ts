import assert from "node:assert/strict";
import type { Email } from "../../local/user-pool/operation.ts";
import { secretHash } from "../../local/user-pool/secret-hash.ts";
import { type AuthenticationEvent, startUserPoolServer } from "../../local/user-pool/server.ts";
import { generateSigningKeys } from "../../local/user-pool/signing-keys.ts";
import { type AuthenticationResult, UserPool } from "../../local/user-pool/user-pool.ts";
import { UserPools } from "../../local/user-pool/user-pools.ts";

export const userPoolId = "us-east-1_LocalPool";
export const publicClient = { clientId: "publicclient1" };
export const secretClient = { clientId: "secretclient1", clientSecret: "localsecret1localsecret1" };
export const startTimeSeconds = 1_800_000_000;

const signingKeys = generateSigningKeys();

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A pool with alice (in "admins", with an email) and bob (neither), served on a free port with a clock of its own. */
export async function startLocalCognito() {
  const time = { seconds: startTimeSeconds };
  const events: AuthenticationEvent[] = [];
  const emails: Email[] = [];
  const pool = new UserPool({
    userPoolId,
    clients: [publicClient, secretClient],
    users: [
      { username: "alice", password: "Alice-demo-1", groups: ["admins"], email: "alice@example.com" },
      { username: "bob", password: "Bob-demo-1", groups: [] },
    ],
    clock: () => time.seconds * 1000,
    signingKeys,
  });
  const pools = new UserPools([pool]);
  const server = await startUserPoolServer(pools, {
    port: 0,
    onAuthentication: (event) => events.push(event),
    onEmail: (email) => emails.push(email),
  });
  const post = (headers: Record<string, string>, body: string): Promise<Reply> =>
    read(fetch(server.url, { method: "POST", headers, body }));
  const target = (operation: string) => ({
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}`,
  });
  /** Calls an operation as anyone may. */
  const call = (operation: string, input: object) => post(target(operation), JSON.stringify(input));
  /** Calls an operation as a holder of AWS credentials. */
  const callSigned = (operation: string, input: object) =>
    post(
      { ...target(operation), Authorization: "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/local" },
      JSON.stringify(input),
    );
  return {
    pool,
    pools,
    server,
    time,
    events,
    emails,
    post,
    get: (path: string) => read(fetch(`${server.url}${path}`)),
    call,
    callSigned,
    /** Calls an operation on this pool as an administrator. */
    admin: async (operation: string, input: object = {}) =>
      outcomeOf(await callSigned(operation, { UserPoolId: userPoolId, ...input })),
    /** Signs in by password through a client that the pool has. */
    signIn: (USERNAME: string, PASSWORD: string, { clientId }: { clientId: string } = publicClient) =>
      call("InitiateAuth", {
        AuthFlow: "USER_PASSWORD_AUTH",
        ClientId: clientId,
        AuthParameters: { USERNAME, PASSWORD, ...hashParameter(USERNAME, clientId) },
      }),
    /** Refreshes through the public client. */
    refresh: async (REFRESH_TOKEN: string | undefined) =>
      outcomeOf(
        await call("InitiateAuth", {
          AuthFlow: "REFRESH_TOKEN_AUTH",
          ClientId: publicClient.clientId,
          AuthParameters: { REFRESH_TOKEN },
        }),
      ),
  };
}

export type LocalCognito = Awaited<ReturnType<typeof startLocalCognito>>;

/** The status and the body of a reply, which is all that most facts are about. */
export function outcomeOf({ status, body }: Reply): readonly [number, unknown] {
  return [status, body];
}

/** What a refused call amounts to. */
export function refusal(name: string, message: string): readonly [number, unknown] {
  return [400, { __type: name, message }];
}

async function read(pending: Promise<Response>): Promise<Reply> {
  const response = await pending;
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** The secret hash that a client has to send, if it has a secret. */
function hashParameter(username: string, clientId: string) {
  return clientId === secretClient.clientId ? { SECRET_HASH: hashFor(username) } : {};
}

/** The secret hash of the client with a secret. */
export function hashFor(username: string): string {
  return secretHash(secretClient.clientSecret, username, secretClient.clientId);
}

export const done = [200, {}] as const;
export const notAuthorized = (message: string) => refusal("NotAuthorizedException", message);
export const invalid = (message: string) => refusal("InvalidParameterException", message);
export const unknownUser = refusal("UserNotFoundException", "User does not exist.");

/** The tokens of a sign-in that succeeded. */
export function resultOf({ status, body }: Reply): AuthenticationResult {
  assert.equal(status, 200, JSON.stringify(body));
  const { AuthenticationResult: result } = body as { AuthenticationResult?: AuthenticationResult };
  return result ?? assert.fail(`no tokens: ${JSON.stringify(body)}`);
}

/** What a token says, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}
