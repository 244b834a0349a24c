import type { paint } from "./paint.ts";

/** One line of what happens. */
export interface ReportLine {
  readonly topic: "connections" | "messages" | "logs" | "rest";
  readonly style: Parameters<typeof paint>[0];
  /** What happened, in a word. */
  readonly what: string;
  /** A connection's id, a function's or user's name, a file; may be empty. */
  readonly subject: string;
  readonly details: readonly (string | undefined)[];
  /** The text of a message, which the console does not show. */
  readonly text?: string;
}
