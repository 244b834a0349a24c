import { createHmac } from "node:crypto";
import { CognitoError } from "./cognito-error.ts";
import { constantTimeEqual } from "./constant-time-equal.ts";
import type { AppClient } from "./user-pool.ts";

/** What a client with a secret sends as `SECRET_HASH`: base64(HMAC-SHA256(client secret, username + client id)). */
export function secretHash(clientSecret: string, username: string, clientId: string): string {
  return createHmac("sha256", clientSecret)
    .update(username + clientId)
    .digest("base64");
}

/** Refuses a client that leaves its hash out, and one that sends a hash but has no secret. */
export function expectSecretHash({ clientId, clientSecret }: AppClient, received: string | undefined): void {
  if (clientSecret !== undefined && received === undefined) {
    throw new CognitoError(
      "NotAuthorizedException",
      `Client ${clientId} is configured with secret but SECRET_HASH was not received`,
    );
  }
  if (clientSecret === undefined && received !== undefined) {
    throw new CognitoError(
      "InvalidParameterException",
      `App client ${clientId} is not configured for secret but secret hash was received`,
    );
  }
}

/** Refuses a hash that was made over none of `usernames`, comparing in constant time; call expectSecretHash first. */
export function verifySecretHash(client: AppClient, usernames: readonly string[], received = ""): void {
  const { clientId, clientSecret } = client;
  if (clientSecret === undefined) return;
  if (usernames.some((username) => constantTimeEqual(secretHash(clientSecret, username, clientId), received)))
    return;
  throw new CognitoError("NotAuthorizedException", `Unable to verify secret hash for client ${clientId}`);
}
