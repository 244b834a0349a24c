interface ConnectEvent {
  readonly queryStringParameters?: Readonly<Record<string, string>>;
}

/** Answers $connect as the query asks: `connect=<status or answer>`, by default with 200. */
export async function handler({ queryStringParameters: { connect = "200" } = {} }: ConnectEvent) {
  const answer = answers[connect];
  return answer ? answer() : { statusCode: Number(connect) };
}

const answers: Readonly<Record<string, () => unknown>> = {
  protocol: () => ({ statusCode: 200, headers: { "Sec-WebSocket-Protocol": "app.v2" } }),
  "protocol-in-lower-case": () => ({ statusCode: 200, headers: { "sec-websocket-protocol": "app.v2" } }),
  body: () => ({ statusCode: 200, body: "hello" }),
  "status-as-text": () => ({ statusCode: "200" }),
  throw: () => {
    throw new Error("on demand");
  },
  slow: () => new Promise((resolve) => setTimeout(() => resolve({ statusCode: 200 }), 4000)),
  nothing: () => undefined,
  text: () => "hello",
  "no-status": () => ({ body: "hello" }),
  "status-of-words": () => ({ statusCode: "fine" }),
};
