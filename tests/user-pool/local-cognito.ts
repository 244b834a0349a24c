import { type AuthenticationEvent, startUserPoolServer } from "../../local/user-pool/server.ts";
import { generateSigningKeys } from "../../local/user-pool/signing-keys.ts";
import { UserPool } from "../../local/user-pool/user-pool.ts";

export const userPoolId = "us-east-1_LocalPool";
export const publicClient = { clientId: "publicclient1" };
export const secretClient = { clientId: "secretclient1", clientSecret: "localsecret1" };
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
  const server = await startUserPoolServer(pool, {
    port: 0,
    onAuthentication: (event) => events.push(event),
  });
  const post = (headers: Record<string, string>, body: string): Promise<Reply> =>
    read(fetch(server.url, { method: "POST", headers, body }));
  const target = (operation: string) => ({
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}`,
  });
  return {
    pool,
    server,
    time,
    events,
    post,
    get: (path: string) => read(fetch(`${server.url}${path}`)),
    /** Calls an operation as anyone may. */
    call: (operation: string, input: object) => post(target(operation), JSON.stringify(input)),
    /** Calls an operation as a holder of AWS credentials. */
    callSigned: (operation: string, input: object) =>
      post(
        { ...target(operation), Authorization: "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/local" },
        JSON.stringify(input),
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
