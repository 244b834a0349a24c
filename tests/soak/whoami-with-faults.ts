interface MessageEvent {
  readonly requestContext: {
    readonly connectionId: string;
    readonly authorizer: { readonly username: string };
  };
  readonly body: string;
}

interface Message {
  readonly id: string;
  readonly fault?: "throwing" | "exiting" | "hanging";
  readonly delayMs?: number;
}

const revision = 0;

/** Answers with what the message asks and who is served, or fails in the way that the message wants. */
export async function handler({ requestContext, body }: MessageEvent) {
  const { connectionId, authorizer } = requestContext;
  const { id, fault, delayMs } = JSON.parse(body) as Message;
  if (fault === "throwing") throw new Error("as the message wants");
  if (fault === "exiting") process.exit(1);
  if (fault === "hanging") await later(3_600_000);
  if (delayMs) await later(delayMs);
  return {
    statusCode: 200,
    body: JSON.stringify({ id, connectionId, username: authorizer.username, revision }),
  };
}

function later(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
