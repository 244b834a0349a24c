import { requireVariable } from "./environment.ts";

const reply = {
  statusCode: 200,
  body: JSON.stringify({ error: "unknown action", actions: JSON.parse(requireVariable("ACTIONS")) }),
};

/** Tells a client whose message names no route which actions exist. */
export async function handler() {
  return reply;
}
