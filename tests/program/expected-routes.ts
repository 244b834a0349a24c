/** A route that a message selects by its action, and the function in `functions/<name>.ts` that it calls. */
export interface MessageRoute {
  readonly name: string;
  readonly routeKey: string;
  /** Whether the function's body goes back to the client. */
  readonly replies: boolean;
  /** Whether `functions/<name>.schema.json` says what the messages are. */
  readonly hasSchema: boolean;
}

/** The `actions` of index.ts, in its order: a route that is added there gets a line here. */
export const expectedRoutes: readonly MessageRoute[] = [
  { name: "sendmessage", routeKey: "sendmessage", replies: true, hasSchema: true },
  { name: "whoami", routeKey: "whoami", replies: true, hasSchema: true },
];
