import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { runtimeError } from "./function-error.ts";

/** A function's entry point; Node.js 24 knows no callback. */
export type Handler = (event: unknown, context: object) => unknown;

const callbackRefusal =
  "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. " +
  "You need to modify this function to use a supported handler signature to use Node.js 24 or later. " +
  "For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.";

/** How the runtime marks what `awslambda.streamifyResponse` is given. */
const streamingMark = Symbol.for("aws.lambda.runtime.handler.streaming");

/** Lambda's own global, of which local mode knows streaming handlers only to refuse them. */
export function defineLambdaGlobal(): void {
  const streamifyResponse = (handler: object) => Object.assign(handler, { [streamingMark]: "response" });
  Object.assign(globalThis, { awslambda: { streamifyResponse } });
}

/**
 * Imports the module that `handler` ("dir/module.export") names and returns its export, with the look-up order,
 * the checks and the errors of the aws-lambda-nodejs-runtime-interface-client.
 */
export async function loadHandler(taskRoot: string, handler: string): Promise<Handler> {
  if (handler.includes("..")) {
    const hint = "Use absolute paths when specifying root directories in handler names.";
    throw runtimeError("Runtime.MalformedHandlerName", `'${handler}' is not a valid handler name. ${hint}`);
  }
  const name = /^([^.]*)\.(.*)$/.exec(path.basename(handler));
  if (!name) throw runtimeError("Runtime.MalformedHandlerName", "Bad handler");
  const [, moduleName = "", exportName = ""] = name;
  const loaded = await importModule(path.join(taskRoot, path.dirname(handler)), moduleName);
  const found = findExport(loaded, exportName) ?? findExport(Reflect.get(loaded, "default"), exportName);
  if (!found) throw runtimeError("Runtime.HandlerNotFound", `${handler} is undefined or not exported`);
  if (typeof found !== "function") {
    throw runtimeError("Runtime.HandlerNotFound", `${handler} is not a function`);
  }
  if (streamingMark in found)
    throw new Error(
      `${handler} streams its response (awslambda.streamifyResponse): local mode cannot run it`,
    );
  if (found.length >= 3) throw runtimeError("Runtime.CallbackHandlerDeprecated", callbackRefusal);
  return found as Handler;
}

async function importModule(directory: string, moduleName: string): Promise<object> {
  try {
    for (const extension of ["", ".js", ".mjs", ".cjs"]) {
      const file = path.join(directory, moduleName + extension);
      if (existsSync(file)) return await import(pathToFileURL(file).href);
    }
    const require = createRequire("/var/runtime/index.mjs");
    return require(require.resolve(moduleName, { paths: [directory] }));
  } catch (error) {
    if (error instanceof SyntaxError) {
      const syntaxError = runtimeError("Runtime.UserCodeSyntaxError", String(error));
      throw Object.assign(syntaxError, { stack: error.stack });
    }
    if (error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND") {
      throw runtimeError("Runtime.ImportModuleError", String(error));
    }
    throw error;
  }
}

function findExport(module: unknown, exportName: string): unknown {
  return exportName
    .split(".")
    .reduce<unknown>(
      (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
      module,
    );
}
