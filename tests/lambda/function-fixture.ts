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

/** Runs one function for the length of `use`, and returns its log. */
export async function withFunction(
  definition: FunctionDefinition,
  use: (service: LambdaService, log: readonly LogEntry[]) => Promise<void>,
  options: { hosts?: Record<string, { port: number }>; initLimitMs?: number } = {},
): Promise<void> {
  const log: LogEntry[] = [];
  const service = new LambdaService({
    functions: [definition],
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
