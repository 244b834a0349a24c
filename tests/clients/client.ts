/** What a client asks for when it opens a connection. */
export interface Offer {
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
}

/** An open connection of a client. */
export interface Session {
  /** The subprotocol that the server chose; empty for none. */
  readonly subprotocol: string;
  /** The extensions that were negotiated, without parameters. */
  readonly extensions: string;
  /** Sends one message, in one frame for each text. */
  send(...frames: string[]): unknown;
  /** The next message that was not taken yet. */
  next(): Promise<string>;
  closed(): Promise<readonly [code: number, reason: string]>;
}

/** A WebSocket client as its users have it. */
export interface Client {
  /** @throws {Error} with all that the client tells of a refusal */
  open(url: string, offer: Offer): Promise<Session>;
}
