interface MessageEvent {
  readonly requestContext: { readonly authorizer: { readonly username: string } };
  readonly body: string;
}

/** Answers the sender with its message and the name it was sent under: the place to pass it on to others. */
export async function handler({ requestContext, body }: MessageEvent) {
  const { message } = JSON.parse(body) as { message?: unknown };
  return {
    statusCode: 200,
    body: JSON.stringify(
      typeof message === "string"
        ? { action: "sendmessage", from: requestContext.authorizer.username, message }
        : { action: "sendmessage", error: "message must be a string" },
    ),
  };
}
