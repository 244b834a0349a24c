import type { Journal } from "../../page/journal.ts";
import type { NamedStack } from "../../program/stack-config.ts";
import type { ConsoleReporter } from "../../screen/console-reporter.ts";
import type { LocalStack } from "../../stack/local-stack.ts";
import { defaultPorts } from "../../this-program.ts";
import { closeOnSignal } from "../close-on-signal.ts";
import { readNamedStack, readPort, UsageError } from "../command-line.ts";
import { reporting } from "../reporting.ts";
import { engineInstructions } from "./engine-instructions.ts";
import { startEngineMode } from "./engine-mode.ts";

/** What the command line says. */
export interface EngineCommandLine extends NamedStack {
  readonly port?: string;
  readonly "user-pool-port"?: string;
  readonly "engine-port"?: string;
  readonly with: readonly string[];
}

/** Serves an empty account until Ctrl-C, and prints how a Pulumi CLI deploys into it. */
export async function serveEngine(
  values: EngineCommandLine,
  journal: Journal,
  reporter: ConsoleReporter,
): Promise<void> {
  if (values.with.length > 0)
    throw new UsageError(
      "--with serves another program, and --engine serves none: deploy that program with the Pulumi CLI too",
    );
  const stackConfig = readNamedStack(values);
  const served: { stack?: LocalStack } = {};
  const mode = await startEngineMode(stackConfig, {
    port: readPort("--port", values.port, defaultPorts.api),
    userPoolPort: readPort("--user-pool-port", values["user-pool-port"], defaultPorts.userPool),
    enginePort: readPort("--engine-port", values["engine-port"], defaultPorts.engine),
    reporter,
    ...reporting(journal, reporter, () => {
      if (!served.stack) throw new Error("local mode has not started yet");
      return served.stack;
    }),
  });
  served.stack = mode.stack;
  closeOnSignal([mode]);
  console.log(`${engineInstructions(mode, stackConfig, values)}\n`);
}
