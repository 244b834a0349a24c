/** What went wrong in function code, in the shape that Lambda reports it. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** The one message that the host sends: an event to serve, as JSON. */
export interface InvokeMessage {
  readonly requestId: string;
  readonly eventJson: string;
  readonly deadlineMs: number;
  /** Like `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0`. */
  readonly traceId: string;
}

export type LogStream = "stdout" | "stderr";

/** Lambda's levels, the least first. */
export const logLevels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] as const;

export type LogLevel = (typeof logLevels)[number];

/** What the runtime in the worker thread sends; log lines always precede the outcome that they belong to. */
export type RuntimeMessage =
  | { readonly type: "ready" }
  | { readonly type: "initError"; readonly error: FunctionError }
  | {
      readonly type: "log";
      readonly stream: LogStream;
      /** Set for what `console` wrote. */
      readonly level?: LogLevel;
      readonly lines: readonly string[];
    }
  | { readonly type: "result"; readonly json: string; readonly memoryBytes: number }
  | { readonly type: "error"; readonly error: FunctionError; readonly memoryBytes: number };

/** What the worker thread starts with. */
export interface RuntimeSettings {
  readonly taskRoot: string;
  readonly handler: string;
  readonly functionArn: string;
  readonly hosts: Readonly<Record<string, { readonly port: number }>>;
  /** One `Int32`, which the host sets to 1 to wake the thread for an event. */
  readonly wakeUp: Int32Array<SharedArrayBuffer>;
}
