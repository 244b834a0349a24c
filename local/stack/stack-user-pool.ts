import { randomBytes } from "node:crypto";
import { OperatorError } from "../operator-error.ts";
import type { StackConfig } from "../program/stack-config.ts";
import { configuredPool } from "../this-program.ts";
import type { AppClientArgs } from "../user-pool/app-client.ts";
import { demoUsers } from "../user-pool/demo-users.ts";
import { UserPool, userPoolIdPattern } from "../user-pool/user-pool.ts";

/**
 * The user pool that the stack is configured with, made fresh: new keys, the demo users, and the configured clients,
 * of which the first is public and every other one has a secret.
 * @returns undefined for a program without such settings
 */
export function userPoolOf(stackConfig: StackConfig): UserPool | undefined {
  const settings = settingsOf(stackConfig);
  // What is malformed, the program itself refuses, with the better message.
  if (!settings) return undefined;
  const { userPoolId, clientIds, issuerHost } = settings;
  const clients = clientsOf(clientIds, []);
  return new UserPool({ userPoolId, clients, users: demoUsers, ...(issuerHost && { issuerHost }) });
}

/** The clients that the stack is configured with now: those that the pool has already keep their secrets. */
export function configuredClients(stackConfig: StackConfig, pool: UserPool): AppClientArgs[] {
  const settings = settingsOf(stackConfig);
  return settings ? clientsOf(settings.clientIds, pool.clients) : [...pool.clients];
}

/**
 * A pool lives as long as its run: another one would leave no token, session or connection worth keeping.
 * @throws {OperatorError} if the stack is now configured with another pool than this
 */
export function requireSamePool(stackConfig: StackConfig, pool: UserPool | undefined): void {
  const settings = settingsOf(stackConfig);
  if (!settings) return;
  const { userPoolId, issuerHost = "cognito-idp" } = settings;
  if (pool?.id === userPoolId && new URL(pool.issuer).hostname.startsWith(`${issuerHost}.`)) return;
  throw new OperatorError(
    `userPoolId and issuerHost now name the user pool ${issuerHost} ${userPoolId}, which starts with a new run: ` +
      "end npm start and start it again",
  );
}

function settingsOf(stackConfig: StackConfig) {
  const { userPoolId, ...settings } = configuredPool(stackConfig);
  return userPoolId && userPoolIdPattern.test(userPoolId) ? { userPoolId, ...settings } : undefined;
}

function clientsOf(clientIds: readonly string[], former: readonly AppClientArgs[]): AppClientArgs[] {
  return clientIds.map((clientId, i) => {
    if (i === 0) return { clientId };
    const secret = former.find((client) => client.clientId === clientId)?.clientSecret;
    return { clientId, clientSecret: secret ?? newSecret() };
  });
}

function newSecret(): string {
  return randomBytes(32).toString("hex").slice(0, 51);
}
