import { accountOf } from "../../graph/account-of.ts";
import { localAccountId } from "../../graph/partition.ts";
import type { StackConfig } from "../../program/stack-config.ts";
import { EmulatedAccount } from "../../provider/emulated-account.ts";
import { startProvider } from "../../provider/provider.ts";
import type { ConsoleReporter } from "../../screen/console-reporter.ts";
import { type LocalStack, type LocalStackOptions, startLocalStack } from "../../stack/local-stack.ts";
import { takenPorts } from "../../stack/taken-ports.ts";
import { ChangeReport } from "./change-report.ts";
import { createEngineFolder, type EngineFolder } from "./engine-folder.ts";

export interface EngineModeOptions extends Omit<LocalStackOptions, "runProgram" | "leavesOut" | "onWarning"> {
  /** Where engines attach the provider; 0 for any free port. */
  readonly enginePort: number;
  readonly reporter: ConsoleReporter;
  /** How long nothing must change before it is told what is served. */
  readonly quietMs?: number;
}

/** An empty AWS account, which Pulumi engines fill, and whose user pool, functions and APIs are served. */
export interface EngineMode {
  readonly account: EmulatedAccount;
  readonly stack: LocalStack;
  readonly folder: EngineFolder;
  readonly enginePort: number;
  close(): Promise<void>;
}

/**
 * Serves an account that is empty, and offers it to Pulumi engines. The stack's configuration gives the user pool, the
 * region and the name.
 * @throws {OperatorError} if a port is taken
 */
export async function startEngineMode(
  stackConfig: StackConfig,
  { enginePort, reporter, quietMs, ...options }: EngineModeOptions,
): Promise<EngineMode> {
  const apiGatewayLogRoleArn = `arn:aws:iam::${localAccountId}:role/api-gateway-logs`;
  const account = new EmulatedAccount(accountOf(stackConfig.config, { apiGatewayLogRoleArn }), stackConfig);
  const report = new ChangeReport(reporter, quietMs);
  const closers: (() => Promise<void>)[] = [report.close];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const stack = await startLocalStack(() => stackConfig, {
      ...options,
      leavesOut: true,
      runProgram: async () => account.graph(),
    });
    closers.push(() => stack.close());
    report.watch(stack);
    const folder = createEngineFolder(stack.poolHosts);
    closers.push(() => folder.close());
    const provider = await listen(enginePort, {
      account,
      serve: async () => report.closed((await stack.reload()).closedConnections),
      folderOf: (project) => folder.folderOf(project) ?? stackConfig.workingDirectory,
      onChange: report.change,
      onWarning: reporter.warning,
      readService: (resource) => stack.declaredPools.read(resource),
    });
    closers.push(async () => provider.close());
    return { account, stack, folder, enginePort: provider.port, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listen(port: number, args: Parameters<typeof startProvider>[0]) {
  try {
    return await startProvider(args, port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw await takenPorts([{ what: "engine", option: "--engine-port", port }], async () => false);
  }
}
