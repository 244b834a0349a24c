import { once } from "node:events";
import { createServer, get, type IncomingMessage, type RequestOptions, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { publicJwk, type SigningKey } from "../../local/user-pool/signing-keys.ts";

/** What the key endpoint does with a request. */
export type KeyAnswer = (response: ServerResponse) => void;

/** Stands in for the pool's key endpoint: plain HTTP on loopback, answers as each test says, counts what reaches it. */
export class KeyEndpoint {
  answer: KeyAnswer = down;
  /** Paths asked for, in order. */
  readonly requests: string[] = [];
  readonly #server = createServer((request, response) => {
    this.requests.push(String(request.url));
    this.answer(response);
  });

  async start(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** Resolves when the next request has arrived. */
  async nextRequest(): Promise<void> {
    await once(this.#server, "request");
  }

  /** `get` of node:https, but that it asks this endpoint, whatever the host. */
  get(url: URL, options: RequestOptions, onResponse: (response: IncomingMessage) => void) {
    const { port } = this.#server.address() as AddressInfo;
    return get({ ...options, host: "127.0.0.1", port, path: url.pathname }, onResponse);
  }
}

export function serve(...keys: readonly SigningKey[]): KeyAnswer {
  return text(JSON.stringify({ keys: keys.map(publicJwk) }));
}

export function text(body: string, status = 200): KeyAnswer {
  return (response) => response.writeHead(status).end(body);
}

export function down(response: ServerResponse): void {
  response.destroy();
}

/** Accepts the request and never answers. */
export function silent(): void {}

/** Sends half an answer and then no more. */
export function stalled(response: ServerResponse): void {
  response.writeHead(200).write('{"keys":');
}

/** Ends the connection in the middle of an answer. */
export function torn(response: ServerResponse): void {
  response.writeHead(200, { "content-length": "1000" }).write('{"keys":', () => response.destroy());
}

/** Never stops sending. */
export function endless(response: ServerResponse): void {
  const chunk = `"${"x".repeat(8 * 1024)}",`;
  const send = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", send);
  response.writeHead(200).write('{"keys":[');
  send();
}
