import { once } from "node:events";
import { WebSocket } from "ws";
import type { Target } from "./target.ts";

export interface ClientOptions {
  /** Default: the target's. */
  readonly url?: string;
  /** Default: the target's token, as bearer token; undefined sends none. */
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
}

export interface Close {
  readonly code: number;
  readonly reason: string;
}

/** An open connection, which is closed at the end of its `using` block. */
export class Client implements Disposable {
  readonly socket: WebSocket;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<Close>;
  readonly #unread: string[] = [];
  readonly #readers: PromiseWithResolvers<string>[] = [];

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data, isBinary) => {
      const text = isBinary ? "(a binary message)" : String(data);
      const reader = this.#readers.shift();
      if (reader) reader.resolve(text);
      else this.#unread.push(text);
    });
    socket.on("error", () => {});
    this.closed = once(socket, "close").then(([code, reason]) => ({ code, reason: String(reason) }));
    void this.closed.then((close) => {
      for (const reader of this.#readers) reader.reject(early(close));
    });
  }

  /** The next message that nobody has read. @throws {Error} that names the code if the connection ends before */
  async next(): Promise<string> {
    const text = this.#unread.shift();
    if (text !== undefined) return text;
    if (this.socket.readyState === WebSocket.CLOSED) throw early(await this.closed);
    const reader = Promise.withResolvers<string>();
    this.#readers.push(reader);
    return reader.promise;
  }

  async ask(message: string): Promise<string> {
    this.socket.send(message);
    return this.next();
  }

  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what cases are about
  async askJson(message: object): Promise<any> {
    return JSON.parse(await this.ask(JSON.stringify(message)));
  }

  [Symbol.dispose](): void {
    this.socket.close();
  }
}

function early({ code }: Close): Error {
  return new Error(`closed with ${code} before an answer`);
}

/** Opens a connection. @throws {Error} that names the status if it is refused */
export async function connect(target: Target, options: ClientOptions = {}): Promise<Client> {
  const { url = target.url, headers = {}, protocols = [] } = options;
  const token = "token" in options ? options.token : target.token;
  await target.admitted();
  const socket = new WebSocket(url, [...protocols], {
    headers: { "User-Agent": "conformance", ...(token && { Authorization: `Bearer ${token}` }), ...headers },
  });
  const client = new Client(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve).once("error", reject);
    socket.once("unexpected-response", (_, response) => {
      response.resume();
      reject(new Error(`the handshake was refused with ${response.statusCode}`));
    });
  });
  return client;
}
