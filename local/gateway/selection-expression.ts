import { OperatorError } from "../operator-error.ts";
import { valueAt } from "./json-path.ts";
import type { Message } from "./message.ts";

/** The key that an expression gives for a message. Undefined: it reads a body that is not a JSON object. */
export type Selection = (message: Message) => string | undefined;

/** An escaped dollar sign, the reserved key, a variable with and without braces, static text, and what is none of them. */
const parts =
  /\\\$|\$default|\$\{request\.body\.([^{}]+)\}|\$request\.body\.([^\s${}/]+)|[^$\\]+|\\|(\$(?:\{[^}]*\}|[\w.-]*))/g;

/**
 * Reads a selection expression (developer guide, "WebSocket selection expressions"): members of a JSON body, as
 * `$request.body.a.b` or between static text as `${request.body.a}`; `\$` is a dollar sign. A missing member is an
 * empty string.
 * @param where whose expression it is, like `API "chat"`
 * @throws {OperatorError} for another variable
 */
export function compileSelection(expression: string, where: string): Selection {
  const readers = [...expression.matchAll(parts)].map(([text, braced, bare, other]) => {
    if (other !== undefined)
      throw new OperatorError(
        `${where}: ${other} in the selection expression ${expression} is not emulated locally: write $request.body.<path> or \${request.body.<path>}`,
      );
    const path = (braced ?? bare)?.split(".");
    return path ?? (text === "\\$" ? "$" : text);
  });
  const readsBody = readers.some((reader) => typeof reader !== "string");
  return (message) => {
    const body = readsBody ? message.json : undefined;
    if (readsBody && (typeof body !== "object" || body === null || Array.isArray(body))) return undefined;
    return readers.map((reader) => (typeof reader === "string" ? reader : textAt(body, reader))).join("");
  };
}

function textAt(body: unknown, path: readonly string[]): string {
  const value = valueAt(body, path);
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
