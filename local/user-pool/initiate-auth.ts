import { CognitoError } from "./cognito-error.ts";
import {
  clientIdMember,
  defineOperation,
  type Operation,
  requireClient,
  requirePool,
  type Subject,
  userPoolIdMember,
} from "./operation.ts";
import { expectSecretHash, verifySecretHash } from "./secret-hash.ts";
import {
  type AppClient,
  type AuthenticationResult,
  refreshTokenLifetimeSeconds,
  type UserPool,
} from "./user-pool.ts";

type Parameters = Readonly<Record<string, string>>;
type Flow = (pool: UserPool, client: AppClient, parameters: Parameters) => Promise<AuthenticationResult>;
type Flows = Readonly<Record<string, Flow>>;

/** Flows that Cognito has, but that the pool's clients are not set up for. */
const flowsNotEnabled = ["USER_SRP_AUTH", "CUSTOM_AUTH", "USER_AUTH"];

const refreshFlows: Flows = { REFRESH_TOKEN_AUTH: refresh, REFRESH_TOKEN: refresh };
const userFlows: Flows = { USER_PASSWORD_AUTH: signIn, ...refreshFlows };
const adminFlows: Flows = { ADMIN_USER_PASSWORD_AUTH: signIn, ADMIN_NO_SRP_AUTH: signIn, ...refreshFlows };

const authFlowMember = {
  type: "string",
  required: true,
  values: [...new Set([...flowsNotEnabled, ...Object.keys(userFlows), ...Object.keys(adminFlows)])],
} as const;
const authParametersMember = { type: "map", sensitive: true } as const;

/** Signs a user in, or refreshes a sign-in, for anyone who knows the password or holds the refresh token. */
export const initiateAuth: Operation = defineOperation({
  credentials: "none",
  members: { ClientId: clientIdMember, AuthFlow: authFlowMember, AuthParameters: authParametersMember },
  describeSubject,
  async run(pool, { ClientId, AuthFlow, AuthParameters = {} }) {
    const client = requireClient(pool, ClientId);
    return answer(await selectFlow(userFlows, AuthFlow)(pool, client, AuthParameters));
  },
});

/** The same from a server that holds AWS credentials. */
export const adminInitiateAuth: Operation = defineOperation({
  credentials: "signature",
  members: {
    UserPoolId: userPoolIdMember,
    ClientId: clientIdMember,
    AuthFlow: authFlowMember,
    AuthParameters: authParametersMember,
  },
  describeSubject,
  async run(pool, { UserPoolId, ClientId, AuthFlow, AuthParameters = {} }) {
    requirePool(pool, UserPoolId);
    const client = requireClient(pool, ClientId);
    return answer(await selectFlow(adminFlows, AuthFlow)(pool, client, AuthParameters));
  },
});

function answer(result: AuthenticationResult): object {
  return { AuthenticationResult: result, ChallengeParameters: {} };
}

/** Not confirmed for CUSTOM_AUTH and USER_AUTH: that they are refused in the words that USER_SRP_AUTH is. */
function selectFlow(flows: Flows, name: string): Flow {
  const flow = flows[name];
  if (flow !== undefined) return flow;
  throw new CognitoError(
    "InvalidParameterException",
    flowsNotEnabled.includes(name)
      ? `${name} is not enabled for the client.`
      : "Initiate Auth method not supported.",
  );
}

async function signIn(pool: UserPool, client: AppClient, parameters: Parameters) {
  const username = requireParameter(parameters, "USERNAME");
  const password = requireParameter(parameters, "PASSWORD");
  expectSecretHash(client, parameters.SECRET_HASH);
  verifySecretHash(client, [username], parameters.SECRET_HASH);
  const user = pool.findUser(username);
  if (user === undefined) throw new CognitoError("UserNotFoundException", "User does not exist.");
  if (!(await pool.isPasswordOf(user, password))) {
    throw new CognitoError("NotAuthorizedException", "Incorrect username or password.");
  }
  return pool.issueTokens({ username, clientId: client.clientId });
}

/** The secret hash of a refresh is made over the user's name; Cognito takes the `sub` as well. */
async function refresh(pool: UserPool, client: AppClient, parameters: Parameters) {
  const refreshToken = requireParameter(parameters, "REFRESH_TOKEN");
  expectSecretHash(client, parameters.SECRET_HASH);
  const session = pool.findSession(refreshToken);
  if (session === undefined) throw notAuthorized("Invalid Refresh Token");
  verifySecretHash(client, [session.user.username, session.user.sub], parameters.SECRET_HASH);
  if (session.clientId !== client.clientId) throw notAuthorized("Refresh Token has different Client");
  if (pool.isRevoked(session.originJti)) throw notAuthorized("Refresh Token has been revoked");
  if (pool.nowSeconds() >= session.authTime + refreshTokenLifetimeSeconds) {
    throw notAuthorized("Refresh Token has expired");
  }
  return pool.refreshTokens(session);
}

function requireParameter(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (value !== undefined && value !== "") return value;
  throw new CognitoError("InvalidParameterException", `Missing required parameter ${name}`);
}

function notAuthorized(message: string): CognitoError {
  return new CognitoError("NotAuthorizedException", message);
}

function describeSubject(
  pool: UserPool,
  input: { ClientId: string; AuthFlow: string; AuthParameters: Parameters | undefined },
): Subject {
  const { USERNAME = "", REFRESH_TOKEN = "" } = input.AuthParameters ?? {};
  const isRefresh = refreshFlows[input.AuthFlow] !== undefined;
  const user = isRefresh ? pool.findSession(REFRESH_TOKEN)?.user : pool.findUser(USERNAME);
  return { username: user?.username, clientId: pool.findClient(input.ClientId)?.clientId };
}
