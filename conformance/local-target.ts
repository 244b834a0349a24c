import { fileURLToPath } from "node:url";
import { operatorCredentials } from "../local/account/callers.ts";
import { ProgramRunner } from "../local/program/program-runner.ts";
import { readStackConfig, type StackConfig } from "../local/program/stack-config.ts";
import { type LocalStack, type LocalStackOptions, startLocalStack } from "../local/stack/local-stack.ts";
import { demoUsers } from "../local/user-pool/demo-users.ts";
import { UserPool } from "../local/user-pool/user-pool.ts";
import type { RunOptions } from "./run-cases.ts";

/** Few at once: locally, each case may cost a Lambda environment of its own. */
export const localRunOptions: RunOptions = { concurrency: 3, limitMs: 15_000 };

/** Local mode with all that cases need, told of by the variables that tell of a deployed stack. */
export interface LocalTarget {
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const region = "us-east-1";
const userPoolId = `${region}_Conformance`;
const clientId = "conformance";
const twoHoursMs = 2 * 60 * 60_000;

/** Serves this project's program with its default settings and one required group, and the probe. */
export async function startLocalTarget(): Promise<LocalTarget> {
  const runner = new ProgramRunner();
  const options: LocalStackOptions = {
    runProgram: (stackConfig, hosts) => runner.run(stackConfig, { hosts }),
    port: 0,
    userPoolPort: 0,
  };
  const pool = new UserPool({ userPoolId, clients: [{ clientId }], users: demoUsers });
  const stack = await startLocalStack(projectConfig, { ...options, userPool: pool });
  const probe = await startLocalStack(() => readStackConfig(folder("probe"), "conformance"), options);
  const signedIn = pool.issueTokens({ username: "alice", clientId });
  const environment = {
    CONFORMANCE_URL: `ws://127.0.0.1:${stack.port}/prod`,
    CONFORMANCE_TOKEN: signedIn.AccessToken,
    CONFORMANCE_ID_TOKEN: signedIn.IdToken,
    CONFORMANCE_EXPIRED_TOKEN: tokenOf(pool, clientId, () => Date.now() - twoHoursMs),
    CONFORMANCE_OTHER_CLIENT_TOKEN: tokenOf(pool, "another", Date.now),
    CONFORMANCE_FORBIDDEN_TOKEN: pool.issueTokens({ username: "bob", clientId }).AccessToken,
    CONFORMANCE_MANAGEMENT_ENDPOINT: `http://127.0.0.1:${stack.port}/prod`,
    AWS_ACCESS_KEY_ID: operatorCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operatorCredentials.secretAccessKey,
    AWS_REGION: region,
    CONFORMANCE_USER_POOL_ENDPOINT: `http://127.0.0.1:${stack.userPoolPort}`,
    CONFORMANCE_PROBE_URLS: JSON.stringify(urlsOf(probe)),
  };
  return {
    environment,
    close: async () => {
      await Promise.all([stack.close(), probe.close(), runner.close()]);
    },
  };
}

/** The defaults of Pulumi.yaml, whatever Pulumi.dev.yaml says, and throttles that nobody has to wait for. */
function projectConfig(): StackConfig {
  const { config, ...stack } = readStackConfig(folder(".."), "conformance");
  const limits = [
    "throttlingRateLimit",
    "throttlingBurstLimit",
    "connectThrottlingRateLimit",
    "connectThrottlingBurstLimit",
  ];
  const settings: Record<string, string> = {
    userPoolId,
    userPoolClientIds: JSON.stringify([clientId]),
    requiredGroups: JSON.stringify(["admins"]),
    apiGatewayLogRole: "manage",
    ...Object.fromEntries(limits.map((name) => [name, "10000"])),
  };
  const own = Object.entries(settings).map(([key, value]) => [`${stack.project}:${key}`, value]);
  return { ...stack, config: { ...config, "aws:region": region, ...Object.fromEntries(own) } };
}

/** A token that the pool's keys sign, for another client or at another time. */
function tokenOf({ signingKeys }: UserPool, clientId: string, clock: () => number): string {
  const pool = new UserPool({ userPoolId, clients: [{ clientId }], users: demoUsers, signingKeys, clock });
  return pool.issueTokens({ username: "alice", clientId }).AccessToken;
}

function urlsOf({ apis, port }: LocalStack): Record<string, string> {
  return Object.fromEntries(apis.map(({ stageName }) => [stageName, `ws://127.0.0.1:${port}/${stageName}`]));
}

function folder(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
