import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { GatewayEvent } from "../../local/gateway/gateway-event.ts";
import { Journal } from "../../local/page/journal.ts";
import { ConsoleReporter } from "../../local/screen/console-reporter.ts";
import type { ReportLine } from "../../local/screen/report-line.ts";

const line = (what: string, more: Partial<ReportLine> = {}): ReportLine => ({
  topic: "rest",
  style: "cyan",
  what,
  subject: "s",
  details: [],
  ...more,
});

function handshake(connectionId: string, more: object = {}): GatewayEvent {
  return { type: "handshake", connectionId, sourceIp: "127.0.0.1", status: 101, ...more };
}

const read = (journal: Journal, id = 0) => journal.since(id).map(({ json }) => JSON.parse(json));

describe("the journal", () => {
  it("keeps lines with their times, for people to read", () => {
    const journal = new Journal(10, () => 1234);
    journal.line(line("←", { details: ["a", undefined, "\u001b[31mb\u001b[39m", ""], text: "told\u0000" }));
    assert.deepEqual(read(journal), [
      { at: 1234, topic: "rest", style: "cyan", what: "←", subject: "s", text: "a  b  told\u0000" },
    ]);
  });

  it("cuts a long line", () => {
    const journal = new Journal();
    journal.line(line("log", { details: ["x".repeat(2000)] }));
    journal.line(line("log", { details: ["x".repeat(2001)] }));
    assert.deepEqual(
      read(journal).map(({ text }) => text),
      ["x".repeat(2000), `${"x".repeat(2000)}…`],
    );
  });

  it("keeps the latest, and tells those after a line", () => {
    const journal = new Journal(3);
    for (const what of ["1", "2", "3", "4", "5"]) journal.line(line(what));
    const after = (id: number) => journal.since(id).map((kept) => [kept.id, JSON.parse(kept.json).what]);
    const [third, fourth, fifth] = [
      [3, "3"],
      [4, "4"],
      [5, "5"],
    ];
    assert.deepEqual(after(0), [third, fourth, fifth]);
    assert.deepEqual(after(1), [third, fourth, fifth]);
    assert.deepEqual(after(3), [fourth, fifth]);
    assert.deepEqual(after(5), []);
    assert.deepEqual(after(9), []);
  });

  it("knows the connections that are open, the latest first", () => {
    let now = 0;
    const journal = new Journal(3, () => now++);
    journal.gateway(handshake("a", { username: "alice", principalId: "p", expiresAt: 99 }));
    journal.gateway(handshake("b", { principalId: "p" }));
    journal.gateway(handshake("refused", { status: 401 }));
    journal.gateway(handshake("c"));
    journal.gateway({ type: "push", connectionId: "a", bytes: 1, text: "x" });
    journal.gateway({ type: "closed", connectionId: "b", code: 1000, reason: "" });
    journal.gateway({ type: "closed", connectionId: "never", code: 1000, reason: "" });
    assert.deepEqual([journal.connectionCount, journal.connectionChanges], [2, 4]);
    const [c, a] = [
      { connectionId: "c", user: undefined, openedAt: 2, tokenExpiresAt: undefined },
      { connectionId: "a", user: "alice", openedAt: 0, tokenExpiresAt: 99 },
    ];
    assert.deepEqual(journal.latestConnections(9), [c, a]);
    assert.deepEqual(journal.latestConnections(1), [c]);
  });

  it("tells its followers of each line and each connection, until they leave", () => {
    const journal = new Journal();
    let calls = 0;
    const leave = journal.follow(() => calls++);
    journal.line(line("a"));
    journal.gateway(handshake("a"));
    journal.gateway(handshake("b", { status: 403 }));
    assert.equal(calls, 2);
    leave();
    journal.line(line("b"));
    assert.equal(calls, 2);
  });
});

describe("what the console reporter tells the page", () => {
  function told(use: (reporter: ConsoleReporter) => void) {
    const lines: ReportLine[] = [];
    const printed: string[] = [];
    use(
      new ConsoleReporter(
        (text) => printed.push(text),
        (line) => lines.push(line),
      ),
    );
    return { lines, printed };
  }

  it("has the texts of messages, which it does not print", () => {
    const ids = { connectionId: "c", routeKey: "join" };
    const { lines, printed } = told(({ gateway }) => {
      gateway({ type: "message", ...ids, bytes: 6, text: "secret in" });
      gateway({ type: "answer", ...ids, bytes: 6, text: "secret out", latencyMs: 1 });
      gateway({ type: "push", connectionId: "c", bytes: 6, text: "secret push" });
    });
    assert.deepEqual(
      lines.map(({ topic, what, text }) => [topic, what, text]),
      [
        ["messages", "→", "secret in"],
        ["messages", "←", "secret out"],
        ["messages", "⇐", "secret push"],
      ],
    );
    assert.equal(printed.length, 3);
    assert.doesNotMatch(printed.join("\n"), /secret/);
  });

  it("has each line under the topic that it is filtered by", () => {
    const decision = { _aws: {}, decision: "deny", reason: "expired", connectionId: "c", latencyMs: 1 };
    const { lines } = told((reporter) => {
      reporter.gateway(handshake("c"));
      reporter.gateway(handshake("c", { status: 403 }));
      reporter.gateway({ type: "closed", connectionId: "c", code: 1000, reason: "" });
      reporter.log({ logicalName: "authorizer", stream: "stdout", line: JSON.stringify(decision) });
      reporter.log({ logicalName: "join", stream: "stdout", line: "joined", level: "INFO" });
      reporter.log({
        logicalName: "join",
        stream: "stderr",
        line: 'Invoke Error \t{"errorType":"E","errorMessage":"m"}',
      });
      reporter.authentication({
        operation: "InitiateAuth",
        username: "a",
        clientId: "c",
        outcome: "success",
      });
      reporter.warning("odd");
      reporter.reload("index.ts", "deployed in 1 ms");
    });
    assert.deepEqual(
      lines.map(({ topic, what }) => `${topic} ${what}`),
      [
        "connections open",
        "connections 403",
        "connections close",
        "connections deny",
        "logs log",
        "logs error",
        "rest sign-in",
        "rest warning",
        "rest reload",
      ],
    );
  });

  it("has no code or password that the user pool would send by e-mail", () => {
    const email = {
      to: "c@example.com",
      username: "carol",
      subject: "confirmation code",
      content: "012345",
    } as const;
    const { lines, printed } = told((reporter) => reporter.email(email));
    assert.match(printed.join(), /012345/);
    assert.deepEqual(
      lines.map(({ details }) => details),
      [["to c@example.com", "confirmation code, printed by npm start"]],
    );
  });
});
