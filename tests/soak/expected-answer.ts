import { unknownAction } from "../program/declared-routes.ts";
import type { MessageKind } from "./plan.ts";

/** A message, and what its answer must be. */
export interface Exchange {
  readonly id: string;
  readonly body: string;
  /** Whether this is the message's answer. */
  isAnswer(text: string): boolean;
}

export interface Sender {
  readonly username: string;
  readonly connectionId: string;
  /** The revision of the program that was being served when the message was sent, and the last written since. */
  readonly revisions: () => { readonly least: number; readonly most: number };
}

/** The text of the frame in place of an answer; undefined for anything else, and for another connection's. */
export function errorFrameText(frame: string, connectionId: string): string | undefined {
  const parts = /^\{"message": "([\w ]+)", "connectionId":"([\w=-]+)", "requestId":"[\w=-]+"\}$/.exec(frame);
  return parts?.[2] === connectionId ? parts[1] : undefined;
}

const failing = ["throwing", "exiting", "hanging"];

/** A message of a kind, with its own id in it wherever the kind has room for one. */
export function exchangeOf(kind: MessageKind, id: string, sender: Sender): Exchange {
  if (kind === "unknownAction")
    return { id, body: JSON.stringify({ action: "dance", id }), isAnswer: isText(unknownAction) };
  if (kind === "notJson") return { id, body: `not JSON ${id}`, isAnswer: isText(unknownAction) };
  if (kind === "notAllowed")
    return {
      id,
      body: JSON.stringify({ action: "sendmessage", id }),
      isAnswer: (frame) => errorFrameText(frame, sender.connectionId) === "Bad request body",
    };
  if (kind === "sendmessage" || kind === "large" || kind === "fragments")
    return sendmessage(kind === "sendmessage" ? id : `${id} ${"x".repeat(20_000)}`, id, sender);
  return whoami(kind, id, sender);
}

function sendmessage(message: string, id: string, { username }: Sender): Exchange {
  return {
    id,
    body: JSON.stringify({ action: "sendmessage", message }),
    isAnswer: isText(JSON.stringify({ action: "sendmessage", from: username, message })),
  };
}

function whoami(kind: MessageKind, id: string, { username, connectionId, revisions }: Sender): Exchange {
  const { least } = revisions();
  return {
    id,
    body: JSON.stringify({
      action: "whoami",
      id,
      ...(failing.includes(kind) && { fault: kind }),
      ...(kind === "slowHandler" && { delayMs: 100 }),
    }),
    isAnswer: (frame) => {
      if (failing.includes(kind)) return false;
      const revision = Number(/"revision":(\d+)\}$/.exec(frame)?.[1]);
      const expected = JSON.stringify({ id, connectionId, username, revision });
      return frame === expected && revision >= least && revision <= revisions().most;
    },
  };
}

function isText(expected: string): (frame: string) => boolean {
  return (frame) => frame === expected;
}
