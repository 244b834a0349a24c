import type { AppClient } from "./app-client.ts";
import { CognitoError } from "./cognito-error.ts";
import {
  clientIdMember,
  defineOperation,
  type Operation,
  requireClient,
  type Subject,
  userPoolIdMember,
} from "./operation.ts";
import { type AuthParameters, refresh, requireFlow, type SignInAnswer, signIn } from "./sign-in.ts";
import type { UserPool } from "./user-pool.ts";

/** A flow by the name that app clients enable it by, and what it does. */
interface Flow {
  readonly name: string;
  readonly run: (pool: UserPool, client: AppClient, parameters: AuthParameters) => SignInAnswer;
}

const refreshFlow: Flow = { name: "REFRESH_TOKEN_AUTH", run: refresh };
const adminFlow: Flow = { name: "ADMIN_USER_PASSWORD_AUTH", run: signIn };

/** Flows that Cognito has and this pool does not: they need SRP, Lambda triggers or passwordless sign-in. */
const notEmulated = Object.fromEntries(
  ["USER_SRP_AUTH", "CUSTOM_AUTH", "USER_AUTH"].map((name) => [
    name,
    {
      name,
      run() {
        throw new CognitoError(
          "InvalidParameterException",
          `${name} is not emulated by the local user pool.`,
        );
      },
    },
  ]),
);

type Flows = Readonly<Record<string, Flow>>;
const sharedFlows: Flows = { ...notEmulated, REFRESH_TOKEN_AUTH: refreshFlow, REFRESH_TOKEN: refreshFlow };
const userFlows: Flows = { ...sharedFlows, USER_PASSWORD_AUTH: { name: "USER_PASSWORD_AUTH", run: signIn } };
const adminFlows: Flows = {
  ...sharedFlows,
  ADMIN_USER_PASSWORD_AUTH: adminFlow,
  ADMIN_NO_SRP_AUTH: adminFlow,
};

const authFlowMember = {
  type: "string",
  required: true,
  values: [
    "USER_SRP_AUTH",
    "REFRESH_TOKEN_AUTH",
    "REFRESH_TOKEN",
    "CUSTOM_AUTH",
    "ADMIN_NO_SRP_AUTH",
    "USER_PASSWORD_AUTH",
    "ADMIN_USER_PASSWORD_AUTH",
    "USER_AUTH",
  ],
} as const;
const authParametersMember = { type: "map", sensitive: true } as const;

/** Signs a user in, or refreshes a sign-in, for anyone who knows the password or holds the refresh token. */
export const initiateAuth: Operation = defineOperation({
  credentials: "none",
  members: { ClientId: clientIdMember, AuthFlow: authFlowMember, AuthParameters: authParametersMember },
  describeSubject,
  run: (pool, { ClientId, ...input }) => start(userFlows, pool, requireClient(pool, ClientId), input),
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
  run(pool, { ClientId, ...input }) {
    return start(adminFlows, pool, requireClient(pool, ClientId), input);
  },
});

interface AuthInput {
  readonly AuthFlow: string;
  readonly AuthParameters: AuthParameters | undefined;
}

function start(
  flows: Flows,
  pool: UserPool,
  client: AppClient,
  { AuthFlow, AuthParameters = {} }: AuthInput,
): SignInAnswer {
  const flow = flows[AuthFlow];
  if (flow === undefined) {
    throw new CognitoError("InvalidParameterException", "Initiate Auth method not supported.");
  }
  requireFlow(client, flow.name);
  return flow.run(pool, client, AuthParameters);
}

function describeSubject(pool: UserPool, input: AuthInput & { readonly ClientId: string }): Subject {
  const { USERNAME = "", REFRESH_TOKEN = "" } = input.AuthParameters ?? {};
  const isRefresh = sharedFlows[input.AuthFlow] === refreshFlow;
  const user = isRefresh ? pool.sessions.find(REFRESH_TOKEN)?.user : pool.findUser(USERNAME);
  return { username: user?.username, clientId: pool.findClient(input.ClientId)?.clientId };
}
