import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { parse } from "yaml";
import { accountOf } from "../../local/graph/account-of.ts";
import type { AwsAccount, Properties } from "../../local/graph/resource-graph.ts";
import type { EmulatedHosts } from "../../local/lambda/emulated-hosts.ts";
import type { StackConfig } from "../../local/program/stack-config.ts";
import { type LogLine, type RegisteredResource, ResourceMonitor } from "./resource-monitor.ts";

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
  readonly logs: readonly LogLine[];
  /** What the process wrote on its own. */
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds since the process was started. */
  readonly durations: { readonly lastRegistrationMs: number; readonly exitMs: number };
}

const require = createRequire(import.meta.url);
const preload = new URL("../../local/lambda/redirect-preload.ts", import.meta.url).href;

/**
 * Runs the program of a project under Pulumi's own Node.js runner, started with the arguments and the environment
 * that the Pulumi CLI's language host gives it, against a resource monitor in this process.
 */
export async function runUnderHost(stackConfig: StackConfig, options: HostOptions = {}): Promise<HostRun> {
  const { project, stack, config, programPath } = stackConfig;
  const { preview = false, omitEmpty = false, hosts, environment, stackOutputs = {} } = options;
  const account = accountOf(config, options.account);
  const monitor = new ResourceMonitor({ project, stack, account, preview, omitEmpty, stackOutputs });
  try {
    const address = await monitor.listen();
    const folder = dirname(programPath);
    const { main, runtime } = projectFile(folder);
    const startedAt = performance.now();
    const runner = spawn(
      process.execPath,
      [
        ...(hosts ? ["--import", preload] : []),
        ...(runtime?.options?.nodeargs?.split(" ") ?? []),
        require.resolve("@pulumi/pulumi/cmd/run"),
        ...["--monitor", address, "--engine", address],
        ...["--organization", "organization", "--project", project, "--stack", stack],
        ...["--root-directory", folder, "--pwd", folder, "--parallel", "64"],
        ...(preview ? ["--dry-run"] : []),
        // What the CLI makes of the project's main; without one, the runner reads package.json.
        main === undefined ? "." : programPath,
      ],
      {
        cwd: folder,
        env: {
          ...process.env,
          PULUMI_CONFIG: JSON.stringify(config),
          PULUMI_CONFIG_SECRET_KEYS: "[]",
          PULUMI_NODEJS_TYPESCRIPT: "false",
          ...(hosts && { EMULATED_AWS_HOSTS: JSON.stringify(hosts) }),
          ...environment,
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const exit = once(runner, "close");
    const [stdout, stderr, [exitCode]] = await Promise.all([text(runner.stdout), text(runner.stderr), exit]);
    const { resources, outputs, logs, lastRegistrationAt } = monitor;
    const durations = {
      lastRegistrationMs: lastRegistrationAt - startedAt,
      exitMs: performance.now() - startedAt,
    };
    return { exitCode, resources, outputs, logs, stdout, stderr, durations };
  } finally {
    monitor.close();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the Pulumi CLI checks the file, and we read only a part of it
function projectFile(folder: string): Record<string, any> {
  const file = join(folder, "Pulumi.yaml");
  return existsSync(file) ? parse(readFileSync(file, "utf8")) : {};
}
