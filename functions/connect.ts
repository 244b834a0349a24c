interface ConnectEvent {
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Accepts the connection and chooses the first subprotocol that the client offered by name.
 * The one that carries a token is never chosen, so that no answer repeats it.
 */
export async function handler(event: ConnectEvent) {
  const [protocol] = offeredProtocols(event).filter((name) => !/^bearer\./i.test(name));
  return { statusCode: 200, ...(protocol && { headers: { "Sec-WebSocket-Protocol": protocol } }) };
}

function offeredProtocols({ multiValueHeaders = {} }: ConnectEvent): string[] {
  return Object.entries(multiValueHeaders)
    .filter(([name]) => name.toLowerCase() === "sec-websocket-protocol")
    .flatMap(([, values]) => values)
    .flatMap((value) => value.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
