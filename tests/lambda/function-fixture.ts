import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { type FunctionDefinition, LambdaService, type LogEntry } from "../../local/lambda/lambda-service.ts";

export const functionArn = "arn:aws:lambda:us-east-1:123456789012:function:greeter";

/** A function whose package is `source` as CommonJS, unless `overrides` say otherwise. */
export function functionDefinition(
  source: string,
  overrides: Partial<FunctionDefinition> = {},
): FunctionDefinition {
  return {
    functionName: "greeter",
    functionArn,
    logicalName: "greet",
    files: { "index.js": source },
    handler: "index.handler",
    runtime: "nodejs24.x",
    memoryMb: 128,
    timeoutMs: 3000,
    environment: {},
    logGroupName: "/aws/lambda/greeter",
    region: "us-east-1",
    credentials: { accessKeyId: "AKIDLOCAL", secretAccessKey: "secret", sessionToken: "session" },
    ...overrides,
  };
}

interface FunctionOptions {
  readonly initLimitMs?: number;
  readonly concurrency?: number;
  /** Functions beside the one. */
  readonly more?: readonly FunctionDefinition[];
}

/** Runs one function for the length of `use`, which is told its log. */
export async function withFunction(
  definition: FunctionDefinition,
  use: (service: LambdaService, log: readonly LogEntry[]) => Promise<void>,
  { more = [], ...options }: FunctionOptions & { hosts?: Record<string, { port: number }> } = {},
): Promise<void> {
  const log: LogEntry[] = [];
  const service = new LambdaService({
    functions: [definition, ...more],
    hosts: {},
    onLog: (entry) => log.push(entry),
    ...options,
  });
  try {
    await use(service, log);
  } finally {
    await service.close();
  }
}

/** What the function itself logged, as `stream: line`. */
export function ownLines(log: readonly LogEntry[]): string[] {
  return log.filter(({ stream }) => stream !== "platform").map(({ stream, line }) => `${stream}: ${line}`);
}

/** The request id in the last REPORT line. */
export function lastRequestId(log: readonly LogEntry[]): string {
  return log.findLast(({ stream }) => stream === "platform")?.requestId ?? "";
}

/** Function code that goes on when as many events as `withMeeting` was told have come to it. */
export const meet = `await new Promise((resolve, reject) =>
  require("node:https").get("https://meeting.amazonaws.com/", resolve).on("error", reject))`;

/** Runs one function whose events overlap: `meet` holds each until `count` of them are there. */
export async function withMeeting(
  count: number,
  definition: FunctionDefinition,
  use: (service: LambdaService, log: readonly LogEntry[]) => Promise<void>,
  options: FunctionOptions = {},
): Promise<void> {
  const held: http.ServerResponse[] = [];
  const server = http.createServer((_request, response) => {
    if (held.push(response) === count) for (const each of held) each.end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  try {
    await withFunction(definition, use, { ...options, hosts: { "meeting.amazonaws.com": { port } } });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
