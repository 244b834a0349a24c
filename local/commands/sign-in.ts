import { type AppClient, allowsFlow, type ClientSettings } from "../user-pool/app-client.ts";
import { secretHash } from "../user-pool/secret-hash.ts";
import type { DemoUser } from "../user-pool/user-pool.ts";
import { UsageError } from "./command-line.ts";

type Client = Pick<AppClient, "clientId" | "clientSecret">;

/**
 * Signs a user in by password at a user pool of a run, as any client of Cognito does.
 * @throws {UsageError} where no such pool answers, or where it refuses
 */
export async function signIn(
  port: number,
  { clientId, clientSecret }: Client,
  { username, password }: Pick<DemoUser, "username" | "password">,
): Promise<Record<"IdToken" | "AccessToken", string>> {
  const answer = await call(port, "InitiateAuth", {
    AuthFlow: "USER_PASSWORD_AUTH",
    ClientId: clientId,
    AuthParameters: {
      USERNAME: username,
      PASSWORD: password,
      ...(clientSecret !== undefined && { SECRET_HASH: secretHash(clientSecret, username, clientId) }),
    },
  });
  if (answer.AuthenticationResult) return answer.AuthenticationResult;
  throw new UsageError(
    `the user must answer ${answer.ChallengeName} first: set another password with aws cognito-idp admin-set-user-password --permanent`,
  );
}

/**
 * The first app client of the served pools that signs users in by password.
 * @throws {UsageError} where there is none
 */
export async function declaredClient(port: number): Promise<Client> {
  const { UserPools = [] } = await call(port, "ListUserPools", { MaxResults: 60 });
  for (const { Id: UserPoolId } of UserPools) {
    const { UserPoolClients = [] } = await call(port, "ListUserPoolClients", { UserPoolId, MaxResults: 60 });
    for (const { ClientId } of UserPoolClients) {
      const { UserPoolClient } = await call(port, "DescribeUserPoolClient", { UserPoolId, ClientId });
      if (UserPoolClient && allowsFlow(UserPoolClient, "USER_PASSWORD_AUTH"))
        return { clientId: ClientId, clientSecret: UserPoolClient.ClientSecret };
    }
  }
  throw new UsageError(
    "no app client signs users in by password: set userPoolClientIds, as npm start says, or declare a client with ALLOW_USER_PASSWORD_AUTH in explicitAuthFlows",
  );
}

/** Members of the answers to the calls that are made here. */
interface PoolAnswer {
  readonly AuthenticationResult?: Record<"IdToken" | "AccessToken", string>;
  readonly ChallengeName?: string;
  readonly UserPools?: readonly { readonly Id: string }[];
  readonly UserPoolClients?: readonly { readonly ClientId: string }[];
  readonly UserPoolClient?: ClientSettings & { readonly ClientSecret?: string };
}

/** Any credentials will do at the pools of a run. */
async function call(port: number, operation: string, input: object): Promise<PoolAnswer> {
  const endpoint = `http://127.0.0.1:${port}`;
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      authorization: "AWS4-HMAC-SHA256 Credential=local",
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: JSON.stringify(input),
  }).catch(() => {
    throw new UsageError(
      `no user pool answers at ${endpoint}: run npm start in another terminal, or name its port with --user-pool-port`,
    );
  });
  const answer = (await response.json().catch(() => ({}))) as PoolAnswer & {
    __type?: string;
    message?: string;
  };
  if (response.headers.get("content-type") === "application/x-amz-json-1.1" && response.ok) return answer;
  if (answer.__type === undefined)
    throw new UsageError(
      `what answers at ${endpoint} is no user pool of npm start: name its port with --user-pool-port`,
    );
  throw new UsageError(
    `the user pool at ${endpoint} refused: ${answer.message} ` +
      "If npm start serves another stack or program, copy the line that it prints",
  );
}
