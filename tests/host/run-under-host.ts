import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { accountOf } from "../../local/graph/account-of.ts";
import type { AwsAccount, Properties } from "../../local/graph/resource-graph.ts";
import { type LogMessage, ResourceMonitor } from "../../local/program/resource-monitor.ts";
import { RunningProgram, type RunningProgramArgs } from "../../local/program/running-program.ts";
import type { StackConfig } from "../../local/program/stack-config.ts";
import type { EmulatedHosts } from "../../local/sandbox/emulated-hosts.ts";
import { omittingEmpty, PreviewedProgram, type RegisteredResource } from "./previewed-program.ts";

export interface HostOptions {
  /** `pulumi preview` instead of `pulumi up`. */
  readonly preview?: boolean;
  /** What is empty is missing from what the provider reads. */
  readonly omitEmpty?: boolean;
  readonly account?: Partial<AwsAccount>;
  /** What StackReferences read, by `project/stack`. */
  readonly stackOutputs?: Readonly<Record<string, Properties>>;
  /** AWS hosts that the program calls, and where they are emulated. */
  readonly hosts?: EmulatedHosts;
  /** Variables of the runner's process beside those that Pulumi sets, or in their place. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a program did when Pulumi ran it. */
export interface HostRun {
  /** 0, or 32 when the runner has reported an error to the engine's log. */
  readonly exitCode: number;
  readonly resources: readonly RegisteredResource[];
  /** The stack's outputs; undefined if the program failed before it had any. */
  readonly outputs: Properties | undefined;
  readonly logs: readonly LogMessage[];
  /** What the process wrote on its own. */
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds since the process was started. */
  readonly durations: { readonly lastRegistrationMs: number; readonly exitMs: number };
}

const require = createRequire(import.meta.url);
const preload = new URL("../../local/sandbox/redirect-preload.ts", import.meta.url).href;

/**
 * Runs the program of a project under Pulumi's own Node.js runner, started with the arguments and the environment
 * that the Pulumi CLI's language host gives it, against a resource monitor in this process.
 */
export async function runUnderHost(stackConfig: StackConfig, options: HostOptions = {}): Promise<HostRun> {
  const { stackOutputs = {}, account, preview = false, omitEmpty = false } = options;
  const logs: LogMessage[] = [];
  const monitor = new ResourceMonitor((message) => {
    if (message.severity !== "debug") logs.push(message);
  });
  const args: RunningProgramArgs = {
    stackConfig,
    account: accountOf(stackConfig.config, account),
    former: undefined,
    readStack: async (name) => ({ outputs: stackOutputs[name] ?? {} }),
  };
  const program = preview ? new PreviewedProgram(args) : new RunningProgram(args);
  if (omitEmpty) omittingEmpty(program);
  const registrations = timed(program);
  monitor.serve(program);
  try {
    const startedAt = performance.now();
    const runner = startRunner(stackConfig, await monitor.listen(), options);
    const exit = once(runner, "close");
    const [stdout, stderr, [exitCode]] = await Promise.all([text(runner.stdout), text(runner.stderr), exit]);
    const durations = {
      lastRegistrationMs: registrations.lastAt - startedAt,
      exitMs: performance.now() - startedAt,
    };
    return { exitCode, ...declaredBy(program), logs, stdout, stderr, durations };
  } finally {
    monitor.close();
    program.close();
  }
}

function declaredBy(program: RunningProgram): Pick<HostRun, "resources" | "outputs"> {
  if (program instanceof PreviewedProgram) return { resources: program.resources, outputs: program.outputs };
  const { resources, outputs } = program.graph;
  return { resources, outputs: Object.keys(outputs).length > 0 ? outputs : undefined };
}

/** Notes when the latest registration came. */
function timed(program: RunningProgram): { readonly lastAt: number } {
  const times = { lastAt: 0 };
  const register = program.register.bind(program);
  program.register = (...args) => {
    times.lastAt = performance.now();
    return register(...args);
  };
  return times;
}

function startRunner(
  { project, stack, config, rootDirectory, workingDirectory, main, runtime }: StackConfig,
  address: string,
  { preview = false, hosts, environment }: HostOptions,
) {
  return spawn(
    process.execPath,
    [
      ...(hosts ? ["--import", preload] : []),
      ...runtime.nodeArgs,
      require.resolve("@pulumi/pulumi/cmd/run"),
      ...["--monitor", address, "--engine", address],
      ...["--organization", "organization", "--project", project, "--stack", stack],
      ...["--root-directory", rootDirectory, "--pwd", workingDirectory, "--parallel", "64"],
      ...(preview ? ["--dry-run"] : []),
      main,
    ],
    {
      cwd: workingDirectory,
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(config),
        PULUMI_CONFIG_SECRET_KEYS: "[]",
        PULUMI_NODEJS_TYPESCRIPT: String(runtime.typescript),
        ...(hosts && { EMULATED_AWS_HOSTS: JSON.stringify(hosts) }),
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
}
