import { EventEmitter, once } from "node:events";
import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import type { GatewayEvent } from "../local/gateway/gateway-event.ts";
import type { AwsAccount } from "../local/graph/resource-graph.ts";
import type { LogEntry } from "../local/lambda/lambda-service.ts";
import { readStackConfig, type StackConfig } from "../local/program/stack-config.ts";
import { type LocalStack, type LocalStackOptions, startLocalStack } from "../local/stack/local-stack.ts";
import type { DemoUser } from "../local/user-pool/user-pool.ts";
import { UserPool } from "../local/user-pool/user-pool.ts";
import type { Alter } from "./altered-graph.ts";
import { programGraph } from "./run-program.ts";
import { clientId, otherClientId, signingKeys, userPoolId } from "./token-factory.ts";

const projectRoot = new URL("..", import.meta.url).pathname;

/** Settings of the project by key, others by full key like aws:region; values as the CLI passes them, so lists are JSON. */
export type TestSettings = Readonly<Record<string, string | undefined>>;

/** The project's stack as the tests configure it: no Pulumi.<stack>.yaml, the defaults of Pulumi.yaml, these settings. */
export function testStackConfig(settings: TestSettings = {}): StackConfig {
  const { config, ...stack } = readStackConfig(projectRoot, "test");
  const given = {
    userPoolId,
    userPoolClientIds: JSON.stringify([clientId, otherClientId]),
    apiGatewayLogRole: "manage",
    ...settings,
  };
  const merged: Record<string, string | undefined> = { ...config, "aws:region": "us-east-1" };
  for (const [key, value] of Object.entries(given))
    merged[key.includes(":") ? key : `${stack.project}:${key}`] = value;
  const set = Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...stack, config: Object.fromEntries(set) };
}

export interface TestStack extends LocalStack {
  /** Where clients connect. */
  readonly url: string;
  readonly events: readonly GatewayEvent[];
  readonly logs: readonly LogEntry[];
  readonly warnings: readonly string[];
  /** The first event of a type that fits, past or to come. */
  untilEvent<T extends GatewayEvent["type"]>(
    type: T,
    fits?: (event: EventOf<T>) => boolean,
  ): Promise<EventOf<T>>;
  /** The first log line of a function that fits, past or to come. */
  untilLog(logicalName: string, fits: (entry: LogEntry) => boolean): Promise<LogEntry>;
}

type EventOf<T extends GatewayEvent["type"]> = Extract<GatewayEvent, { readonly type: T }>;

/** Entries in the order in which they came. */
class Journal<T> {
  readonly entries: T[] = [];
  readonly #arrived = new EventEmitter().setMaxListeners(0);

  add = (entry: T): void => {
    this.entries.push(entry);
    this.#arrived.emit("entry");
  };

  async first(fits: (entry: T) => boolean): Promise<T> {
    for (;;) {
      const found = this.entries.find(fits);
      if (found) return found;
      await once(this.#arrived, "entry");
    }
  }
}

export interface TestStackOptions extends Partial<LocalStackOptions> {
  /** Changes a resource before AWS sees it, or drops it by returning undefined. */
  readonly alter?: Alter;
  readonly account?: Partial<AwsAccount>;
  readonly settings?: TestSettings;
  readonly users?: readonly DemoUser[];
}

/** Runs the program and serves it on free ports, with the token factory's keys in its user pool. */
export async function startTestStack({
  settings = {},
  users = [],
  alter,
  account,
  ...options
}: TestStackOptions = {}): Promise<TestStack> {
  const events = new Journal<GatewayEvent>();
  const logs = new Journal<LogEntry>();
  const warnings: string[] = [];
  const clients = [{ clientId }, { clientId: otherClientId, clientSecret: "a secret of the tests" }];
  const stack = await startLocalStack(() => testStackConfig(settings), {
    runProgram: (stackConfig, hosts) =>
      programGraph(stackConfig, { hosts, alter, ...(account && { account }) }),
    port: 0,
    userPoolPort: 0,
    userPool: new UserPool({ userPoolId, clients, users, signingKeys }),
    observe: events.add,
    onLog: logs.add,
    onWarning: (text) => warnings.push(text),
    ...options,
  });
  return {
    ...stack,
    url: `ws://127.0.0.1:${stack.port}/${stack.apis[0]?.stageName}`,
    events: events.entries,
    logs: logs.entries,
    warnings,
    untilEvent: <T extends GatewayEvent["type"]>(
      type: T,
      fits: (event: EventOf<T>) => boolean = () => true,
    ) => events.first((event) => event.type === type && fits(event as EventOf<T>)) as Promise<EventOf<T>>,
    untilLog: (logicalName, fits) => logs.first((entry) => entry.logicalName === logicalName && fits(entry)),
  };
}

/** Serves the program for the length of `use`. */
export async function withTestStack<T>(
  options: TestStackOptions,
  use: (stack: TestStack) => Promise<T>,
): Promise<T> {
  const stack = await startTestStack(options);
  try {
    return await use(stack);
  } finally {
    await stack.close();
  }
}

export interface ClientOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
}

/** Opens a connection. @throws {Error} `status <n>` if the server refuses it */
export async function open(
  url: string,
  { headers = {}, protocols = [] }: ClientOptions = {},
): Promise<WebSocket> {
  const socket = new WebSocket(url, [...protocols], { headers: { ...headers } });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
    socket.once("unexpected-response", (_, response) => {
      response.resume();
      reject(new Error(`status ${response.statusCode}`));
    });
  });
  return socket;
}

/** The status of a handshake: 101 if it succeeds, and the connection is closed again. */
export async function handshakeStatus(url: string, options: ClientOptions = {}): Promise<number> {
  const socket = new WebSocket(url, [...(options.protocols ?? [])], { headers: { ...options.headers } });
  const status = await new Promise<number>((resolve, reject) => {
    socket.once("open", () => resolve(101));
    socket.once("unexpected-response", (_, response: IncomingMessage) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.once("error", reject);
  });
  if (status === 101) {
    const closed = once(socket, "close");
    socket.close();
    await closed;
  } else socket.terminate();
  return status;
}

/** Sends a message, and returns the next one that comes back. */
export async function ask(socket: WebSocket, message: string): Promise<string> {
  const answer = once(socket, "message");
  socket.send(message);
  return String((await answer)[0]);
}

/** Headers with a bearer token. */
export function bearer(token: string): ClientOptions {
  return { headers: { Authorization: `Bearer ${token}` } };
}
