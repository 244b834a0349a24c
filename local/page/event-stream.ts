import type { IncomingMessage, ServerResponse } from "node:http";
import type { Journal } from "./journal.ts";

/** What happens within this time is sent at once. */
const flushMs = 100;
/** How soon a reader comes back when the server is away. */
const retryMs = 1000;
const shownConnections = 100;

/**
 * Sends the journal as server-sent events: from where this reader left it in the same run, else from its beginning. A
 * reader that is too slow misses lines, and is told how many: nothing piles up for it.
 * @param run tells one run of the server from another
 */
export function streamJournal(
  journal: Journal,
  run: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const [lastRun, lastId] = String(request.headers["last-event-id"] ?? "").split(" ");
  let sentId = lastRun === run ? Number(lastId) || 0 : 0;
  let sentChanges = -1;
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    timer = undefined;
    // "drain" will come here again.
    if (response.writableNeedDrain) return;
    const lines = journal.since(sentId);
    const latest = lines.at(-1);
    if (latest) {
      const missed = sentId === 0 ? 0 : latest.id - sentId - lines.length;
      sentId = latest.id;
      const json = `{"missed":${missed},"lines":[${lines.map((line) => line.json).join()}]}`;
      response.write(`id: ${run} ${sentId}\nevent: lines\ndata: ${json}\n\n`);
    }
    if (sentChanges !== journal.connectionChanges) {
      sentChanges = journal.connectionChanges;
      const open = { count: journal.connectionCount, latest: journal.latestConnections(shownConnections) };
      response.write(`event: connections\ndata: ${JSON.stringify(open)}\n\n`);
    }
  };
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(`retry: ${retryMs}\nevent: run\ndata: ${run}\n\n`);
  flush();
  response.on("drain", flush);
  const stop = journal.follow(() => {
    timer ??= setTimeout(flush, flushMs);
  });
  response.once("close", () => {
    stop();
    clearTimeout(timer);
  });
}
