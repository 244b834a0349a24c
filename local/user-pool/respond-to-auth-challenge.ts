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
import { checkPassword } from "./password-policy.ts";
import { checkSecretHash } from "./secret-hash.ts";
import {
  type AuthParameters,
  refuseUnusable,
  requireParameter,
  type SignInAnswer,
  tokens,
} from "./sign-in.ts";
import { readAttributes } from "./user-attributes.ts";
import type { UserPool } from "./user-pool.ts";

/** The challenges of the API's model; this pool puts only NEW_PASSWORD_REQUIRED. */
const challengeNameMember = {
  type: "string",
  required: true,
  values: [
    "SMS_MFA",
    "EMAIL_OTP",
    "SOFTWARE_TOKEN_MFA",
    "SELECT_MFA_TYPE",
    "MFA_SETUP",
    "PASSWORD_VERIFIER",
    "CUSTOM_CHALLENGE",
    "SELECT_CHALLENGE",
    "DEVICE_SRP_AUTH",
    "DEVICE_PASSWORD_VERIFIER",
    "ADMIN_NO_SRP_AUTH",
    "NEW_PASSWORD_REQUIRED",
    "SMS_OTP",
    "PASSWORD",
    "WEB_AUTHN",
    "PASSWORD_SRP",
  ],
} as const;

const members = {
  ClientId: clientIdMember,
  ChallengeName: challengeNameMember,
  Session: { type: "string", sensitive: true, min: 20, max: 2048 },
  ChallengeResponses: { type: "map", sensitive: true },
} as const;

/** Goes on with a sign-in that was answered with a challenge. */
export const respondToAuthChallenge: Operation = defineOperation({
  credentials: "none",
  members,
  describeSubject,
  run: (pool, { ClientId, ...answer }) => respond(pool, requireClient(pool, ClientId), answer),
});

/** The same from a server that holds AWS credentials. */
export const adminRespondToAuthChallenge: Operation = defineOperation({
  credentials: "signature",
  members: { UserPoolId: userPoolIdMember, ...members },
  describeSubject,
  run(pool, { ClientId, ...answer }) {
    return respond(pool, requireClient(pool, ClientId), answer);
  },
});

interface Answer {
  readonly ChallengeName: string;
  readonly Session: string | undefined;
  readonly ChallengeResponses: AuthParameters | undefined;
}

function respond(pool: UserPool, client: AppClient, answer: Answer): SignInAnswer {
  const { ChallengeName: name, Session: session, ChallengeResponses: responses = {} } = answer;
  const username = requireParameter(responses, "USERNAME");
  checkSecretHash(client, [username], responses.SECRET_HASH);
  const { clientId } = client;
  const nowSeconds = pool.nowSeconds();
  if (session === undefined) {
    throw new CognitoError("InvalidParameterException", "Missing required parameter Session");
  }
  const user = pool.challenges.require(session, { name, clientId, nowSeconds });
  // Another user's, or one who was deleted, or who answered through another session meanwhile.
  if (pool.findUser(username) !== user || user.status !== "FORCE_CHANGE_PASSWORD") {
    throw new CognitoError("NotAuthorizedException", "Invalid session for the user.");
  }
  refuseUnusable(user);
  const password = requireParameter(responses, "NEW_PASSWORD");
  const attributes = readAttributes(pool.settings, attributesIn(responses), { byUser: true, isNew: false });
  checkPassword(pool.settings.passwordPolicy, password, "Password did not conform with password policy");
  pool.challenges.close(session);
  user.setAttributes(attributes, nowSeconds);
  user.setPassword(password, { temporary: false, nowSeconds });
  return tokens(pool.issueTokens({ username: user.username, clientId }));
}

/** Attributes come as "userAttributes.<name>". */
function attributesIn(responses: AuthParameters) {
  const prefix = "userAttributes.";
  return Object.entries(responses)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, Value]) => ({ Name: name.slice(prefix.length), Value }));
}

function describeSubject(
  pool: UserPool,
  {
    ClientId,
    ChallengeResponses = {},
  }: { ClientId: string; ChallengeResponses?: AuthParameters | undefined },
): Subject {
  return {
    username: pool.findUser(ChallengeResponses.USERNAME ?? "")?.username,
    clientId: pool.findClient(ClientId)?.clientId,
  };
}
