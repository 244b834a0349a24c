import type { IncomingMessage } from "node:http";

/**
 * Reads a request's body; undefined if it is larger than `maxBytes`. It reads to the end even then, without keeping
 * anything, so that the client gets to read the answer.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
  }
  return bytes <= maxBytes ? Buffer.concat(chunks) : undefined;
}
