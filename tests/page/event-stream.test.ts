import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, describe, it } from "mocha";
import { streamJournal } from "../../local/page/event-stream.ts";
import { Journal } from "../../local/page/journal.ts";

/** A response whose reader is as slow as its test says. */
class Reader extends EventEmitter {
  writableNeedDrain = false;
  #text = "";

  writeHead() {}

  write(text: string) {
    this.#text += text;
    this.emit("written");
  }

  /** What was sent since the last call, by event. */
  take(): (readonly [event: string, data: string, id: string | undefined])[] {
    const frames = this.#text.split("\n\n").slice(0, -1);
    this.#text = "";
    return frames.map((frame) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(frame)?.[1];
      return [field("event") ?? "", field("data") ?? "", field("id")];
    });
  }
}

function writeLines(journal: Journal, ...names: readonly string[]) {
  for (const what of names) journal.line({ topic: "rest", style: "cyan", what, subject: "", details: [] });
}

describe("the stream of what happens", () => {
  const readers: Reader[] = [];
  afterEach(() => {
    for (const reader of readers.splice(0)) reader.emit("close");
  });

  function read(journal: Journal, lastEventId?: string): Reader {
    const reader = new Reader();
    readers.push(reader);
    const request = { headers: { ...(lastEventId && { "last-event-id": lastEventId }) } };
    streamJournal(
      journal,
      "run1",
      request as unknown as IncomingMessage,
      reader as unknown as ServerResponse,
    );
    return reader;
  }

  /** The next lines that a reader gets: how many it missed, their words, and the id to go on from. */
  async function nextLines(reader: Reader) {
    for (;;) {
      const [, data, id] = reader.take().find(([event]) => event === "lines") ?? [];
      if (data) {
        const { missed, lines } = JSON.parse(data);
        return [missed, lines.map(({ what }: { what: string }) => what), id];
      }
      await new Promise((resolve) => reader.once("written", resolve));
    }
  }

  it("begins with the run, what was, and the connections", () => {
    const journal = new Journal();
    writeLines(journal, "a", "b");
    const frames = read(journal).take();
    assert.deepEqual(
      frames.map(([event, , id]) => [event, id]),
      [
        ["run", undefined],
        ["lines", "run1 2"],
        ["connections", undefined],
      ],
    );
    assert.equal(frames[0]?.[1], "run1");
    assert.deepEqual(JSON.parse(frames[2]?.[1] ?? ""), { count: 0, latest: [] });
  });

  it("goes on after what its reader has, within one run", async () => {
    const journal = new Journal();
    writeLines(journal, "a", "b", "c");
    assert.deepEqual(await nextLines(read(journal, "run1 2")), [0, ["c"], "run1 3"]);
    for (const other of ["run0 2", "run1", "run1 x", "nonsense"])
      assert.deepEqual(await nextLines(read(journal, other)), [0, ["a", "b", "c"], "run1 3"], other);
  });

  it("sends what happens together in one event", async () => {
    const journal = new Journal();
    const reader = read(journal);
    writeLines(journal, "a", "b");
    assert.deepEqual(await nextLines(reader), [0, ["a", "b"], "run1 2"]);
    writeLines(journal, "c");
    assert.deepEqual(await nextLines(reader), [0, ["c"], "run1 3"]);
  });

  it("tells of connections only when they change, and of 100 at most", async () => {
    const journal = new Journal();
    const reader = read(journal);
    reader.take();
    writeLines(journal, "a");
    await new Promise((resolve) => reader.once("written", resolve));
    assert.deepEqual(
      reader.take().map(([event]) => event),
      ["lines"],
    );
    for (let i = 0; i < 101; i++)
      journal.gateway({ type: "handshake", connectionId: `c${i}`, sourceIp: "", status: 101 });
    await new Promise((resolve) => reader.once("written", resolve));
    const [[event, data] = [], ...others] = reader.take();
    const { count, latest } = JSON.parse(data ?? "");
    assert.deepEqual([event, others, count, latest.length], ["connections", [], 101, 100]);
    assert.equal(latest[0].connectionId, "c100");
  });

  it("keeps nothing for a slow reader, and tells it how much it missed", async () => {
    const journal = new Journal(2);
    const reader = read(journal);
    writeLines(journal, "a");
    await nextLines(reader);
    reader.writableNeedDrain = true;
    writeLines(journal, "b", "c", "d", "e");
    const other = read(journal);
    reader.take();
    // Later than the slow reader's turn.
    writeLines(journal, "f");
    await nextLines(other);
    await nextLines(other);
    assert.deepEqual(reader.take(), []);
    reader.writableNeedDrain = false;
    reader.emit("drain");
    assert.deepEqual(await nextLines(reader), [3, ["e", "f"], "run1 6"]);
  });

  it("leaves the journal when its reader goes", () => {
    const followers = new Set<() => void>();
    class WatchedJournal extends Journal {
      override follow(follower: () => void) {
        followers.add(follower);
        return () => followers.delete(follower);
      }
    }
    const journal = new WatchedJournal();
    const [gone] = [read(journal), read(journal)];
    assert.equal(followers.size, 2);
    gone?.emit("close");
    assert.equal(followers.size, 1);
  });
});
