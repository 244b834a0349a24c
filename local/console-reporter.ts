import type { GatewayEvent } from "./gateway/gateway-event.ts";
import type { LogEntry } from "./lambda/lambda-service.ts";
import { readLogLine } from "./log-line.ts";
import { paint } from "./paint.ts";
import type { AuthenticationEvent } from "./user-pool/server.ts";

/** Prints one readable line for each sign-in, decision, message, log line and close. */
export class ConsoleReporter {
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void = console.log) {
    this.#print = print;
  }

  gateway = (event: GatewayEvent): void => {
    const { connectionId } = event;
    switch (event.type) {
      case "handshake":
        if (event.status === 101) {
          const who = event.username ?? event.principalId;
          this.#line("green", "open", connectionId, [
            who && `as ${quoted(who)}`,
            event.subprotocol && `speaking ${quoted(event.subprotocol)}`,
          ]);
        } else this.#line("red", `${event.status}`, connectionId, [event.because && plain(event.because)]);
        return;
      case "message":
        this.#line("cyan", "→", connectionId, [event.routeKey, `${event.bytes} bytes`]);
        return;
      case "answer":
        this.#line(event.because ? "red" : "cyan", "←", connectionId, [
          event.routeKey,
          `${event.bytes} bytes`,
          `${event.latencyMs.toFixed(1)} ms`,
          event.because && plain(event.because),
        ]);
        return;
      case "push":
        this.#line("cyan", "⇐", connectionId, ["@connections", `${event.bytes} bytes`]);
        return;
      case "closed":
        this.#line("yellow", "close", connectionId, [`${event.code}`, event.reason && quoted(event.reason)]);
    }
  };

  log = ({ logicalName, line, stream }: LogEntry): void => {
    // Lambda's own lines (START, REPORT) are there for tests and tools.
    if (stream === "platform") return;
    const read = readLogLine(line);
    switch (read.kind) {
      case "decision":
        this.#line(
          read.decision === "allow" ? "green" : "red",
          plain(read.decision),
          plain(read.connectionId),
          [plain(read.reason), `${read.latencyMs.toFixed(1)} ms`],
        );
        return;
      case "error":
        // This is how an authorizer refuses; the handshake's own line tells it.
        if (read.message !== "Unauthorized")
          this.#line("red", "error", logicalName, [plain(`${read.name}: ${read.message}`)]);
        return;
      case "text":
        this.#line("dim", "log", logicalName, [plain(read.text)]);
    }
  };

  authentication = ({ operation, username, outcome }: AuthenticationEvent): void => {
    this.#line(outcome === "success" ? "green" : "red", "sign-in", username ? plain(username) : "(unknown)", [
      operation,
      outcome,
    ]);
  };

  warning = (text: string): void => {
    this.#line("yellow", "warning", "", [text]);
  };

  #line(
    style: Parameters<typeof paint>[0],
    what: string,
    subject: string,
    details: readonly (string | undefined)[],
  ) {
    const time = new Date().toTimeString().slice(0, 8);
    const told = details.filter(Boolean).join("  ");
    this.#print(
      `${paint("dim", time)}  ${paint(style, what.padEnd(7))}  ${subject.padEnd(16)}  ${told}`.trimEnd(),
    );
  }
}

/** What others chose, shown so that it cannot steer the terminal. */
function quoted(text: string): string {
  return plain(JSON.stringify(text.slice(0, 100)));
}

function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}
