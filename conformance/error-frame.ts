import assert from "node:assert/strict";
import type { Client } from "./client.ts";

export interface ErrorFrame {
  readonly message: string;
  readonly connectionId: string;
  readonly requestId: string;
}

/** API Gateway's own form: a space after the first colon and after each comma, and none elsewhere. */
const form = /^\{"message": "([^"]*)", "connectionId":"([^"]*)", "requestId":"([^"]*)"\}$/;

/** Takes apart what API Gateway sends in place of an answer. */
export function readErrorFrame(text: string): ErrorFrame {
  assert.match(text, form);
  const [, message = "", connectionId = "", requestId = ""] = form.exec(text) ?? [];
  return { message, connectionId, requestId };
}

/** A message that the model of `sendmessage` refuses. */
export const refusedMessage = '{"action":"sendmessage"}';

/** The id of a connection, which any API tells in its error frames. */
export async function connectionIdOf(client: Client): Promise<string> {
  return readErrorFrame(await client.ask(refusedMessage)).connectionId;
}
