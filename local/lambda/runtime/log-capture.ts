import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { StringDecoder } from "node:string_decoder";
import { replaceProperty } from "../../sandbox/property-replacement.ts";
import type { LogStream as Stream } from "./environment-message.ts";

/**
 * Hands every line written to stdout or stderr (by `console`, the streams, or `fs.write` on descriptors 1 and 2)
 * to `send`, one call per write. Returns a function that sends what is left without an end of line.
 */
export function captureLogs(send: (stream: Stream, lines: readonly string[]) => void): () => void {
  const writers = { stdout: lineWriter("stdout", send), stderr: lineWriter("stderr", send) };
  replaceStreamWrite("stdout", writers.stdout.write);
  replaceStreamWrite("stderr", writers.stderr.write);
  replaceDescriptorWrites([undefined, writers.stdout.write, writers.stderr.write]);
  return () => {
    writers.stdout.flush();
    writers.stderr.flush();
  };
}

type Chunk = string | Uint8Array;
type Write = (chunk: Chunk, encoding?: BufferEncoding) => number;

function lineWriter(
  stream: Stream,
  send: (stream: Stream, lines: readonly string[]) => void,
): { write: Write; flush: () => void } {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  return {
    write(chunk, encoding) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk, encoding) : Buffer.from(chunk);
      const lines = (rest + decoder.write(bytes)).split("\n");
      rest = lines.pop() ?? "";
      if (lines.length > 0) send(stream, lines);
      return bytes.length;
    },
    flush() {
      if (rest !== "") send(stream, [rest]);
      rest = "";
    },
  };
}

function replaceStreamWrite(stream: Stream, write: Write): void {
  replaceProperty(process[stream], "write", (chunk: Chunk, ...rest: unknown[]) => {
    write(chunk, rest.find((value) => typeof value === "string") as BufferEncoding | undefined);
    const callback = rest.find((value) => typeof value === "function");
    if (callback) process.nextTick(callback as () => void);
    return true;
  });
}

/** Loggers such as pino write to descriptor 1 itself, which in a worker thread is the host's. */
function replaceDescriptorWrites(writers: readonly (Write | undefined)[]): void {
  const { write, writeSync } = fs as unknown as Record<string, (...args: unknown[]) => unknown>;
  replaceProperty(fs, "writeSync", (descriptor: number, chunk: Chunk, ...rest: unknown[]) => {
    return writers[descriptor]?.(chunk) ?? writeSync?.(descriptor, chunk, ...rest);
  });
  replaceProperty(fs, "write", (descriptor: number, chunk: Chunk, ...rest: unknown[]) => {
    const written = writers[descriptor]?.(chunk);
    if (written === undefined) return write?.(descriptor, chunk, ...rest);
    return process.nextTick(rest.at(-1) as () => void, null, written, chunk);
  });
  syncBuiltinESMExports();
}
