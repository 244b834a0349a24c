import { setImmediate } from "node:timers/promises";
import v8 from "node:v8";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { redirectOutboundNetwork } from "../outbound-network.ts";
import type { FunctionError, InvokeMessage, RuntimeMessage, RuntimeSettings } from "./environment-message.ts";
import { runtimeError, toFunctionError } from "./function-error.ts";
import { type Handler, loadHandler } from "./handler-loader.ts";
import { captureLogs } from "./log-capture.ts";
import { startPathsAt } from "./task-root.ts";

const responseLimitBytes = 6_291_556;
const host = parentPort as MessagePort;
const settings = workerData as RuntimeSettings;
let phase: "init" | "idle" | "invoke" = "init";

const flushLogs = captureLogs((stream, lines) => send({ type: "log", stream, lines }));
redirectOutboundNetwork(settings.hosts, { refuseOthers: true });
startPathsAt(settings.taskRoot);
process.on("uncaughtException", (error) => endWith("Uncaught Exception", error, 129));
process.on("unhandledRejection", (reason) => {
  endWith(
    "Unhandled Promise Rejection",
    runtimeError("Runtime.UnhandledPromiseRejection", String(reason)),
    128,
  );
});
process.on("beforeExit", endUnsettled);
process.on("exit", flushLogs);
await initialize();

function send(message: RuntimeMessage): void {
  host.postMessage(message);
}

async function initialize(): Promise<void> {
  try {
    const handler = await loadHandler(settings.taskRoot, settings.handler);
    flushLogs();
    phase = "idle";
    host.on("message", (message: InvokeMessage) => serve(handler, message));
    send({ type: "ready" });
  } catch (error) {
    endWith("Init Error", error, 1);
  }
}

/**
 * While the handler runs, only its own work keeps the thread alive: when that runs out, `beforeExit` comes.
 * A rejection that it left unhandled is reported before the outcome is sent, and instead of it.
 */
async function serve(handler: Handler, message: InvokeMessage): Promise<void> {
  phase = "invoke";
  host.unref();
  const outcome = await outcomeOf(handler, message);
  await setImmediate();
  flushLogs();
  send(outcome);
  host.ref();
  phase = "idle";
}

async function outcomeOf(handler: Handler, message: InvokeMessage): Promise<RuntimeMessage> {
  try {
    const result = await handler(JSON.parse(message.eventJson), contextOf(message));
    const json = toJson(result);
    if (Buffer.byteLength(json) > responseLimitBytes)
      return { type: "error", error: tooLarge(), memoryBytes: memoryBytes() };
    return { type: "result", json, memoryBytes: memoryBytes() };
  } catch (thrown) {
    const error = toFunctionError(thrown);
    logError("Invoke Error", error);
    return { type: "error", error, memoryBytes: memoryBytes() };
  }
}

function toJson(result: unknown): string {
  try {
    return JSON.stringify(result) ?? "null";
  } catch {
    throw runtimeError("Runtime.JSONStringifyError", "Unable to stringify response body");
  }
}

function tooLarge(): FunctionError {
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${responseLimitBytes} bytes).`;
  return { errorType: "Function.ResponseSizeTooLarge", errorMessage, trace: [] };
}

function contextOf({ requestId, deadlineMs }: InvokeMessage): object {
  return {
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: settings.functionArn,
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
  };
}

function memoryBytes(): number {
  const { used_heap_size, external_memory } = v8.getHeapStatistics();
  return used_heap_size + external_memory;
}

function logError(title: string, { errorType, errorMessage, trace }: FunctionError): void {
  console.error(`${title} \t${JSON.stringify({ errorType, errorMessage, stack: trace })}`);
}

/** Reports an error that leaves the environment unusable, and ends the thread. */
function endWith(title: string, thrown: unknown, exitCode: number): void {
  const error = toFunctionError(thrown);
  logError(title, error);
  if (phase === "init") send({ type: "initError", error });
  if (phase === "invoke") send({ type: "fatal", error });
  process.exit(exitCode);
}

function endUnsettled(): void {
  const message =
    "The Lambda runtime client detected an unexpected Node.js exit code. " +
    "This is most commonly caused by a Promise that was never settled. " +
    "For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes";
  if (phase !== "idle") endWith("Invoke Error", runtimeError("Runtime.NodeJsExit", message), 13);
}
