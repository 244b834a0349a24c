import type { FunctionError } from "./environment-message.ts";

/** Shapes a thrown value as the Lambda runtime interface client does. */
export function toFunctionError(thrown: unknown): FunctionError {
  if (!(thrown instanceof Error)) {
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  }
  return { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack?.split("\n") ?? [] };
}

/** An error with one of Lambda's own names, such as `Runtime.HandlerNotFound`. */
export function runtimeError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
