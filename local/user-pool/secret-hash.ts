import { createHmac } from "node:crypto";
import type { AppClient } from "./app-client.ts";
import { CognitoError, notAuthorized } from "./cognito-error.ts";
import { constantTimeEqual } from "./constant-time-equal.ts";

/** What a client with a secret sends as `SECRET_HASH`: base64(HMAC-SHA256(client secret, username + client id)). */
export function secretHash(clientSecret: string, username: string, clientId: string): string {
  return createHmac("sha256", clientSecret)
    .update(username + clientId)
    .digest("base64");
}

/** How a missing hash is told: sign-ins and sign-ups differ. */
export type MissingHash =
  | "configured with secret but SECRET_HASH was not received"
  | "configured for secret but secret was not received";

/**
 * Refuses a client that leaves its hash out, one that sends a hash but has no secret, and a hash that was made over none
 * of `usernames`, which it compares in constant time.
 */
export function checkSecretHash(
  { clientId, clientSecret }: Pick<AppClient, "clientId" | "clientSecret">,
  usernames: readonly string[],
  received: string | undefined,
  missing: MissingHash = "configured with secret but SECRET_HASH was not received",
): void {
  if (clientSecret === undefined) {
    if (received === undefined) return;
    throw new CognitoError(
      "InvalidParameterException",
      `App client ${clientId} is not configured for secret but secret hash was received`,
    );
  }
  if (received === undefined) throw notAuthorized(`Client ${clientId} is ${missing}`);
  if (!usernames.some((name) => constantTimeEqual(secretHash(clientSecret, name, clientId), received))) {
    throw notAuthorized(`Unable to verify secret hash for client ${clientId}`);
  }
}
