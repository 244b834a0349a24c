import { setImmediate } from "node:timers/promises";
import { inspect } from "node:util";
import v8 from "node:v8";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { redirectOutboundNetwork } from "../../sandbox/outbound-network.ts";
import { startPathsAt } from "../../sandbox/task-root.ts";
import { patchConsole, readConsoleSettings } from "./console-log.ts";
import type { FunctionError, InvokeMessage, RuntimeMessage, RuntimeSettings } from "./environment-message.ts";
import { errorJson, runtimeError, toFunctionError } from "./function-error.ts";
import { defineLambdaGlobal, type Handler, loadHandler } from "./handler-loader.ts";
import { captureLogs } from "./log-capture.ts";

const responseLimitBytes = 6_291_556;
const host = parentPort as MessagePort;
const settings = workerData as RuntimeSettings;
const consoleSettings = readConsoleSettings(process.env);
/** As the runtime names a request where there is none: while the function loads. */
let requestId = "-";

const flushLogs = captureLogs((stream, lines) => send({ type: "log", stream, lines }));
patchConsole(
  consoleSettings,
  (stream, lines, level) => send({ type: "log", stream, level, lines }),
  () => requestId,
);
redirectOutboundNetwork(settings.hosts, { refuseOthers: true });
startPathsAt(settings.taskRoot);
defineLambdaGlobal();
process.on("uncaughtExceptionMonitor", writeTrace);
process.on("exit", flushLogs);
// Not awaited: a promise that never settles in the function's modules ends the process with status 0.
void initialize();

function send(message: RuntimeMessage): void {
  host.postMessage(message);
}

async function initialize(): Promise<void> {
  try {
    const handler = await loadHandler(settings.taskRoot, settings.handler);
    host.on("message", (message: InvokeMessage) => serve(handler, message));
  } catch (error) {
    logError("Init Error", error);
    flushLogs();
    send({ type: "initError", error: toFunctionError(error) });
    process.exit(1);
  }
  flushLogs();
  send({ type: "ready" });
  freeze();
}

/** While the handler runs, only its own work keeps the thread alive: when that runs out, the thread ends. */
async function serve(handler: Handler, message: InvokeMessage): Promise<void> {
  requestId = message.requestId;
  process.env._X_AMZN_TRACE_ID = message.traceId;
  host.unref();
  const outcome = await outcomeOf(handler, message);
  flushLogs();
  send(outcome);
  host.ref();
  freeze();
}

/** Between events nothing runs, as on Lambda: a timer that is due meanwhile fires when the next event comes. */
function freeze(): void {
  Atomics.wait(settings.wakeUp, 0, 0);
  Atomics.store(settings.wakeUp, 0, 0);
}

/** A rejection that the handler left unhandled ends the thread before its outcome is known, and instead of it. */
async function outcomeOf(handler: Handler, message: InvokeMessage): Promise<RuntimeMessage> {
  try {
    const result = await handler(JSON.parse(message.eventJson), contextOf(message));
    await setImmediate();
    const json = toJson(result);
    if (Buffer.byteLength(json) > responseLimitBytes)
      return { type: "error", error: tooLarge(), memoryBytes: memoryBytes() };
    return { type: "result", json, memoryBytes: memoryBytes() };
  } catch (thrown) {
    await setImmediate();
    logError("Invoke Error", thrown);
    return { type: "error", error: toFunctionError(thrown), memoryBytes: memoryBytes() };
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

/** The members that the runtime of nodejs24.x gives, and no others: `callbackWaitsForEmptyEventLoop` is gone. */
function contextOf({ requestId, deadlineMs, traceId }: InvokeMessage): object {
  return {
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: settings.functionArn,
    awsRequestId: requestId,
    tenantId: undefined,
    xRayTraceId: traceId,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
  };
}

/** The thread's heap and buffers. Lambda counts the whole process, which is some 60 MB more. */
function memoryBytes(): number {
  const { used_heap_size, external_memory } = v8.getHeapStatistics();
  return used_heap_size + external_memory;
}

function logError(title: string, thrown: unknown): void {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (consoleSettings.isJson) console.error(error);
  else console.error(title, `\t${errorJson(error)}`);
}

/** What Node.js writes when nothing catches an error: it ends the thread with status 1. */
function writeTrace(error: unknown): void {
  if (process.listenerCount("uncaughtException") === 0)
    process.stderr.write(`Uncaught ${inspect(error)}\n\nNode.js ${process.version}\n`);
}
