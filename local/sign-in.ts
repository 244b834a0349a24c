import { UsageError } from "./command-line.ts";
import type { DemoUser } from "./user-pool/user-pool.ts";

/**
 * Signs a user in by password at the user pool of a run, as any client of Cognito does.
 * @param clientId of a client without a secret
 * @throws {UsageError} where no such pool answers, or where it refuses
 */
export async function signIn(
  port: number,
  clientId: string,
  { username, password }: Pick<DemoUser, "username" | "password">,
): Promise<Record<"IdToken" | "AccessToken", string>> {
  const endpoint = `http://127.0.0.1:${port}`;
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
    },
    body: JSON.stringify({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: clientId,
      AuthParameters: { USERNAME: username, PASSWORD: password },
    }),
  }).catch(() => {
    throw new UsageError(
      `no user pool answers at ${endpoint}: run npm start in another terminal, or name its port with --user-pool-port`,
    );
  });
  const answer = (await response.json().catch(() => ({}))) as {
    AuthenticationResult?: Record<"IdToken" | "AccessToken", string>;
    __type?: string;
    message?: string;
  };
  if (answer.AuthenticationResult) return answer.AuthenticationResult;
  if (answer.__type === undefined)
    throw new UsageError(
      `what answers at ${endpoint} is no user pool of npm start: name its port with --user-pool-port`,
    );
  throw new UsageError(
    `the user pool at ${endpoint} refused: ${answer.message} ` +
      "If npm start serves another stack or program, copy the line that it prints",
  );
}
