import { fileURLToPath } from "node:url";

/**
 * All that local mode knows of the program beside it: where it is, the ports and the stack that it is served with, and
 * the settings that name its user pool. Another program is served by the same code, with `--program`.
 */

/** The program that is served, and the stack, unless the command line names others. */
export const defaultProgram = fileURLToPath(new URL("..", import.meta.url));
export const defaultStack = "dev";

/** Ports that `npm start` and the other commands agree on. */
export const defaultPorts = { api: 3000, userPool: 3001, engine: 3002 };

/** A message that its routes answer, for who connects first. */
export const firstMessage = '{"action":"whoami"}';

/** The configuration of a stack, by full key. */
interface Configured {
  readonly project: string;
  readonly config: Readonly<Record<string, string>>;
}

/** The user pool that a stack is configured with, as its settings are written. */
export interface ConfiguredPool {
  readonly userPoolId: string | undefined;
  readonly clientIds: readonly string[];
  /** Like `issuer-cognito-idp`. */
  readonly issuerHost: string | undefined;
}

export function configuredPool({ project, config }: Configured): ConfiguredPool {
  return {
    userPoolId: config[`${project}:userPoolId`],
    clientIds: listed(config[`${project}:userPoolClientIds`]),
    issuerHost: config[`${project}:issuerHost`],
  };
}

/** The same stack, whose program reads the pool's keys when the authorizer runs: it declares the same, and fetches nothing. */
export function withoutFetchedKeys<T extends Configured>(stackConfig: T): T {
  const { project, config } = stackConfig;
  return { ...stackConfig, config: { ...config, [`${project}:jwks`]: "runtime" } };
}

/** None where the list is malformed: the program itself refuses that, with the better message. */
function listed(json = "[]"): string[] {
  try {
    const ids: unknown = JSON.parse(json);
    return Array.isArray(ids) ? ids.map(String) : [];
  } catch {
    return [];
  }
}
