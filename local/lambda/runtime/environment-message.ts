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
}

/** What the runtime in the worker thread sends; log lines always precede the outcome that they belong to. */
export type RuntimeMessage =
  | { readonly type: "ready" }
  | { readonly type: "initError"; readonly error: FunctionError }
  | { readonly type: "log"; readonly stream: "stdout" | "stderr"; readonly lines: readonly string[] }
  | { readonly type: "result"; readonly json: string; readonly memoryBytes: number }
  | { readonly type: "error"; readonly error: FunctionError; readonly memoryBytes: number }
  | { readonly type: "fatal"; readonly error: FunctionError };

/** What the worker thread starts with. */
export interface RuntimeSettings {
  readonly taskRoot: string;
  readonly handler: string;
  readonly functionArn: string;
  readonly hosts: Readonly<Record<string, { readonly port: number }>>;
}
