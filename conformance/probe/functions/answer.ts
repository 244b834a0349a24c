interface MessageEvent {
  readonly requestContext: { readonly routeKey: string };
  readonly body: string;
}

/** Answers a message as its member `as` asks, by default with the key of its route. */
export async function handler({ requestContext: { routeKey }, body }: MessageEvent) {
  return (answers[asked(body)] ?? answers.route)?.(routeKey);
}

function asked(body: string): string {
  try {
    return String(JSON.parse(body)?.as);
  } catch {
    return "route";
  }
}

const answers: Readonly<Record<string, (routeKey: string) => unknown>> = {
  route: (routeKey) => ({ statusCode: 200, body: routeKey }),
  "status-500": () => ({ statusCode: 500, body: "with status 500" }),
  "status-404": () => ({ statusCode: 404, body: "with status 404" }),
  "no-body": () => ({ statusCode: 200 }),
  throw: () => {
    throw new Error("on demand");
  },
  slow: () => new Promise((resolve) => setTimeout(resolve, 60_000)),
  late: () => new Promise((resolve) => setTimeout(() => resolve({ statusCode: 200, body: "late" }), 500)),
};
