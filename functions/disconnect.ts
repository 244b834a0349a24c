interface DisconnectEvent {
  readonly requestContext: { readonly connectionId: string; readonly disconnectStatusCode?: number };
}

/** Notes the end of a connection: the place to drop what was kept for it. The reason is the client's text, so it is not logged. */
export async function handler({ requestContext }: DisconnectEvent) {
  const { connectionId, disconnectStatusCode } = requestContext;
  console.log(JSON.stringify({ event: "disconnected", connectionId, disconnectStatusCode }));
  return { statusCode: 200 };
}
