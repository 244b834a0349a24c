import type { FunctionError } from "./environment-message.ts";

/** Shapes a thrown value as the Lambda runtime interface client does. */
export function toFunctionError(thrown: unknown): FunctionError {
  if (!(thrown instanceof Error)) {
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  }
  return { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack?.split("\n") ?? [] };
}

/** The JSON that Lambda logs of an error: its own members too, so whatever a library hangs on it. */
export function errorJson(error: Error): string {
  const { name: errorType, message: errorMessage, stack } = error;
  try {
    return JSON.stringify({ errorType, errorMessage, ...error, stack: stack?.split("\n") });
  } catch {
    return JSON.stringify(toFunctionError(error));
  }
}

/** An error with one of Lambda's own names, such as `Runtime.HandlerNotFound`. */
export function runtimeError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
