import { OperatorError } from "../operator-error.ts";

/** What the screen says of an error: the message alone where it says all, else where it comes from too. */
export function errorText(error: unknown): string {
  if (error instanceof OperatorError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
