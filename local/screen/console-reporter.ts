import type { GatewayEvent } from "../gateway/gateway-event.ts";
import type { Operation } from "../graph/graph-changes.ts";
import type { RecordedResource } from "../graph/resource-graph.ts";
import type { InvocationReport } from "../lambda/invocation.ts";
import type { LogEntry } from "../lambda/lambda-service.ts";
import type { ProgramLine } from "../program/program-process.ts";
import type { Email } from "../user-pool/operation.ts";
import type { AuthenticationEvent } from "../user-pool/server.ts";
import { readLogLine } from "./log-line.ts";
import { paint } from "./paint.ts";
import { adviceOn } from "./refusal-advice.ts";
import { signs } from "./reload-report.ts";
import type { ReportLine } from "./report-line.ts";
import { typeLabel } from "./type-label.ts";

/** Prints one readable line for each sign-in, decision, message, log line and close, and tells it to the page. */
export class ConsoleReporter {
  readonly #print: (line: string) => void;
  readonly #tell: (line: ReportLine) => void;

  constructor(print: (line: string) => void = console.log, tell: (line: ReportLine) => void = () => {}) {
    this.#print = print;
    this.#tell = tell;
  }

  gateway = (event: GatewayEvent): void => {
    const { connectionId } = event;
    switch (event.type) {
      case "handshake":
        if (event.status === 101) {
          const who = event.username ?? event.principalId;
          this.#line("connections", "green", "open", connectionId, [
            who && `as ${quoted(who)}`,
            event.subprotocol && `speaking ${quoted(event.subprotocol)}`,
          ]);
        } else
          this.#line("connections", "red", `${event.status}`, connectionId, [
            event.because && plain(event.because),
          ]);
        return;
      case "message":
        this.#line(
          "messages",
          "cyan",
          "→",
          connectionId,
          [event.routeKey, `${event.bytes} bytes`],
          event.text,
        );
        return;
      case "answer":
        this.#line(
          "messages",
          event.because ? "red" : "cyan",
          "←",
          connectionId,
          [
            event.routeKey,
            `${event.bytes} bytes`,
            `${event.latencyMs.toFixed(1)} ms`,
            event.because && plain(event.because),
          ],
          event.text,
        );
        return;
      case "push":
        this.#line(
          "messages",
          "cyan",
          "⇐",
          connectionId,
          ["@connections", `${event.bytes} bytes`],
          event.text,
        );
        return;
      case "closed":
        this.#line("connections", "yellow", "close", connectionId, [
          `${event.code}`,
          event.reason && quoted(event.reason),
        ]);
    }
  };

  log = ({ logicalName, line, stream, level, report }: LogEntry): void => {
    if (report) this.#report(logicalName, report);
    // The rest of Lambda's own lines tells nothing that the function's error does not.
    if (stream === "platform") return;
    const read = readLogLine(line);
    switch (read.kind) {
      case "decision":
        this.#line(
          "connections",
          read.decision === "allow" ? "green" : "red",
          plain(read.decision),
          plain(read.connectionId),
          [plain(read.reason), `${read.latencyMs.toFixed(1)} ms`, adviceOn(read.reason)],
        );
        return;
      case "error":
        // This is how an authorizer refuses; the handshake's own line tells it.
        if (read.message === "Unauthorized") return;
        for (const text of [...`${read.name}: ${read.message}`.split("\n"), ...read.frames])
          this.#line("logs", "red", "error", logicalName, [plain(text)]);
        return;
      case "text":
        this.#line("logs", ...manner(level), logicalName, [plain(read.text)]);
    }
  };

  #report(logicalName: string, { durationMs, initMs, memoryMb, maxMemoryUsedMb, outcome }: InvocationReport) {
    const told = [
      `${durationMs.toFixed(1)} ms`.padStart(10),
      `${maxMemoryUsedMb} of ${memoryMb} MB`,
      initMs === undefined ? "" : `init ${initMs.toFixed(0)} ms`,
      outcome.status === "success" ? "" : outcome.status === "timeout" ? "timed out" : outcome.errorType,
    ];
    const text = told.filter(Boolean).join("  ");
    const style = outcome.status === "success" ? "dim" : "red";
    this.#line("logs", style, "report", logicalName, [paint(style, text)]);
  }

  authentication = ({ operation, username, outcome }: AuthenticationEvent): void => {
    const style = outcome === "success" ? "green" : "red";
    this.#line("rest", style, "sign-in", username ? plain(username) : "(unknown)", [operation, outcome]);
  };

  /** What Cognito would send to a user, code and all: only the operator can read it here, so the page is told less. */
  email = ({ to, username, subject, content }: Email): void => {
    const email = { topic: "rest", style: "cyan", what: "e-mail", subject: plain(username) } as const;
    const receiver = `to ${plain(to)}`;
    this.#printLine({ ...email, details: [receiver, `${subject} ${plain(content)}`] });
    this.#tell({ ...email, details: [receiver, `${subject}, printed by npm start`] });
  };

  /** What the program writes, or logs through Pulumi. */
  program = ({ from, text }: ProgramLine, project: string): void => {
    const [style, what] = programManner[from];
    for (const line of text.split("\n")) this.#line("logs", style, what, project, [plain(line)]);
  };

  warning = (text: string): void => {
    this.#line("rest", "yellow", "warning", "", [text]);
  };

  /** Why a save was not deployed. */
  failure = (text: string): void => {
    console.error(text);
    this.#tell({ topic: "rest", style: "red", what: "error", subject: "", details: [text] });
  };

  /** What a Pulumi engine has changed: names of properties, never their values. */
  change = (operation: Operation, resource: RecordedResource, properties: readonly string[]): void => {
    const { sign, style } = signs[operation];
    this.#line("rest", style, sign, typeLabel(resource).padEnd(24), [
      plain(resource.name),
      plain(properties.join(", ")),
    ]);
  };

  /** What is served after the changes of an engine. */
  served = (what: readonly string[]): void => {
    this.#line("rest", "green", "served", "", what.length > 0 ? what : ["no stage"]);
  };

  /** What became of a save. */
  reload = (files: string, outcome: string, style: "green" | "red" = "green"): void => {
    this.#line("rest", style, "reload", files, [outcome]);
  };

  #line(
    topic: ReportLine["topic"],
    style: ReportLine["style"],
    what: string,
    subject: string,
    details: ReportLine["details"],
    text?: string,
  ) {
    const line = { topic, style, what, subject, details, ...(text !== undefined && { text }) };
    this.#printLine(line);
    this.#tell(line);
  }

  #printLine({ style, what, subject, details }: ReportLine) {
    const time = new Date().toTimeString().slice(0, 8);
    const told = details.filter(Boolean).join("  ");
    this.#print(
      `${paint("dim", time)}  ${paint(style, what.padEnd(7))}  ${subject.padEnd(16)}  ${told}`.trimEnd(),
    );
  }
}

/** How a line of the program is shown, by where it comes from. */
const programManner = {
  stdout: ["dim", "program"],
  stderr: ["yellow", "program"],
  debug: ["dim", "debug"],
  info: ["dim", "info"],
  warning: ["yellow", "warning"],
  error: ["red", "error"],
} as const;

/** How a line of this level is shown: its style, and the word in front. */
function manner(level: LogEntry["level"]): readonly ["yellow" | "red" | "dim", string] {
  if (level === "WARN") return ["yellow", "warn"];
  return level === "ERROR" || level === "FATAL" ? ["red", "error"] : ["dim", "log"];
}

/** What others chose, shown so that it cannot steer the terminal. */
function quoted(text: string): string {
  return plain(JSON.stringify(text.slice(0, 100)));
}

function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}
