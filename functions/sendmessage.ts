interface MessageEvent {
  readonly requestContext: { readonly authorizer: { readonly username: string } };
  /** What sendmessage.schema.json allows: API Gateway refuses anything else before it gets here. */
  readonly body: string;
}

/** Answers the sender with its message and the name it was sent under: the place to pass it on to others. */
export async function handler({ requestContext, body }: MessageEvent) {
  const { message } = JSON.parse(body) as { message: string };
  const from = requestContext.authorizer.username;
  return { statusCode: 200, body: JSON.stringify({ action: "sendmessage", from, message }) };
}
