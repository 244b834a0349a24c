import { format } from "node:util";
import { type LogLevel, type LogStream, logLevels } from "./environment-message.ts";

/** How a function logs, as `AWS_LAMBDA_LOG_FORMAT` and `AWS_LAMBDA_LOG_LEVEL` say. */
export interface ConsoleSettings {
  readonly isJson: boolean;
  readonly level: LogLevel;
}

export function readConsoleSettings(environment: NodeJS.ProcessEnv): ConsoleSettings {
  const wanted = environment.AWS_LAMBDA_LOG_LEVEL?.toUpperCase();
  return {
    isJson: environment.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === "JSON",
    level: logLevels.find((level) => level === wanted) ?? "TRACE",
  };
}

type Send = (stream: LogStream, lines: readonly string[], level: LogLevel) => void;

/**
 * Gives `console` Lambda's levels (`console.fatal` is Lambda's own) and, where the function asks for it, its JSON
 * records. In text, Lambda puts time, request id and level in front of each call; here they are not in the line.
 */
export function patchConsole(settings: ConsoleSettings, send: Send, requestId: () => string): void {
  const logsAt = (level: LogLevel, stream: LogStream) =>
    logLevels.indexOf(level) < logLevels.indexOf(settings.level)
      ? () => {}
      : (...values: unknown[]) => {
          const lines = settings.isJson
            ? [jsonRecord(level, requestId(), values)]
            : format(...values).split("\n");
          send(stream, lines, level);
        };
  const info = logsAt("INFO", "stdout");
  Object.assign(console, {
    trace: logsAt("TRACE", "stderr"),
    debug: logsAt("DEBUG", "stdout"),
    info,
    log: info,
    warn: logsAt("WARN", "stderr"),
    error: logsAt("ERROR", "stderr"),
    fatal: logsAt("FATAL", "stderr"),
  });
}

function jsonRecord(level: LogLevel, requestId: string, [message, ...rest]: readonly unknown[]): string {
  const record = { timestamp: new Date().toISOString(), level, requestId };
  if (rest.length > 0) {
    const error = rest.find((value) => value instanceof Error);
    return JSON.stringify({
      ...record,
      message: format(message, ...rest),
      ...(error && errorMembers(error)),
    });
  }
  try {
    const errorToMembers = (_: string, value: unknown) =>
      value instanceof Error ? { ...errorMembers(value), ...value } : value;
    return JSON.stringify({ ...record, message }, errorToMembers);
  } catch {
    return JSON.stringify({ ...record, message: format(message) });
  }
}

function errorMembers(error: Error): object {
  return {
    errorType: error.constructor.name,
    errorMessage: error.message,
    stackTrace: error.stack?.split("\n") ?? [],
  };
}
