import { randomBytes } from "node:crypto";
import type { StackConfig } from "./engine/stack-config.ts";
import { demoUsers } from "./user-pool/demo-users.ts";
import { UserPool, userPoolIdPattern } from "./user-pool/user-pool.ts";

/**
 * The user pool that the stack is configured with, made fresh: new keys, the demo users, and the configured clients,
 * of which the first is public and every other one has a secret.
 * @returns undefined for a program without such settings
 */
export function userPoolOf({ project, config }: StackConfig): UserPool | undefined {
  const userPoolId = config[`${project}:userPoolId`];
  const clientIds = clientIdsOf(config[`${project}:userPoolClientIds`]);
  // What is malformed, the program itself refuses, with the better message.
  if (!userPoolId || !userPoolIdPattern.test(userPoolId)) return undefined;
  const clients = clientIds.map((clientId, i) =>
    i === 0 ? { clientId } : { clientId, clientSecret: newSecret() },
  );
  const issuerHost = config[`${project}:issuerHost`];
  return new UserPool({ userPoolId, clients, users: demoUsers, ...(issuerHost && { issuerHost }) });
}

function clientIdsOf(value = "[]"): string[] {
  try {
    const ids: unknown = JSON.parse(value);
    return Array.isArray(ids) ? ids.map(String) : [];
  } catch {
    return [];
  }
}

function newSecret(): string {
  return randomBytes(32).toString("hex").slice(0, 51);
}
