import { type ChildProcess, execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type LocalWorkspaceOptions, PulumiCommand } from "@pulumi/pulumi/automation/index.js";

export interface PulumiBackendArgs {
  /** Path of the Pulumi CLI, as `findPulumiCli` finds it. */
  readonly cli: string;
  /** Ports of providers that run already, by their package, like `{ aws: 41234 }`. */
  readonly providers?: Readonly<Record<string, number>>;
  /** Variables that the CLI, the programs and the policy packs see as well. */
  readonly environment?: NodeJS.ProcessEnv;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const timeoutMs = 120_000;
const languagePlugin = fileURLToPath(new URL("pulumi-language-nodejs", import.meta.url));

/**
 * A Pulumi CLI with a fresh home and a fresh state, both in a temporary folder. It downloads nothing.
 * Stacks of one backend can read one another with a StackReference, like `organization/<project>/<stack>`.
 */
export class PulumiBackend {
  /** Holds the home, the state and the stack files. */
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-backend-")));
  readonly #cli: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #running = new Set<ChildProcess>();
  readonly #interrupted = new WeakSet<ChildProcess>();

  constructor({ cli, providers = {}, environment = {} }: PulumiBackendArgs) {
    this.#cli = cli;
    const others = Object.entries(process.env).filter(([name]) => !name.startsWith("PULUMI_"));
    this.#environment = {
      ...Object.fromEntries(others),
      // The language plugin runs in the first `node`, and starts the program and policy packs with it.
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      NO_COLOR: "1",
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_BACKEND_URL: pathToFileURL(join(this.folder, "state")).href,
      PULUMI_CONFIG_PASSPHRASE: "passphrase",
      PULUMI_DEBUG_COMMANDS: "true", // for --event-log
      PULUMI_DEBUG_PROVIDERS: Object.entries(providers)
        .map((provider) => provider.join(":"))
        .join(),
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      ...environment,
    };
    mkdirSync(join(this.folder, "state"));
    // The CLI prefers a plugin beside itself or on the PATH, which a released CLI has, to this one.
    const plugin = join(this.folder, "home", "plugins", "language-nodejs-v1.0.0");
    mkdirSync(plugin, { recursive: true });
    symlinkSync(languagePlugin, join(plugin, "pulumi-language-nodejs"));
  }

  /** Sends a signal to each command that runs now. */
  interrupt(signal: NodeJS.Signals): void {
    for (const child of this.#running) {
      this.#interrupted.add(child);
      child.kill(signal);
    }
  }

  /**
   * Runs `pulumi` with these arguments, in the backend's folder. A command that a signal ends has the exit code -1.
   * @throws {Error} where it cannot be started, or does not end within 2 minutes
   */
  run(...args: readonly string[]): Promise<CommandResult> {
    const options = {
      cwd: this.folder,
      env: this.#environment,
      maxBuffer: Number.POSITIVE_INFINITY,
      timeout: timeoutMs,
    };
    return new Promise((resolve, reject) => {
      const child = execFile(this.#cli, args, options, (error, stdout, stderr) => {
        this.#running.delete(child);
        if (!error) resolve({ exitCode: 0, stdout, stderr });
        else if (typeof error.code === "number") resolve({ exitCode: error.code, stdout, stderr });
        else if (error.signal && this.#interrupted.has(child)) resolve({ exitCode: -1, stdout, stderr });
        else reject(error);
      });
      this.#running.add(child);
    });
  }

  /**
   * Options for `LocalWorkspace` of Pulumi's Automation API: with them, it calls this CLI with this home, state and
   * these providers.
   */
  async workspaceOptions(): Promise<LocalWorkspaceOptions> {
    const root = join(this.folder, "cli");
    mkdirSync(join(root, "bin"), { recursive: true });
    const link = join(root, "bin", "pulumi");
    rmSync(link, { force: true });
    symlinkSync(realpathSync(this.#cli), link);
    const envVars = Object.fromEntries(
      Object.entries(this.#environment).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    );
    return { pulumiCommand: await PulumiCommand.get({ root }), envVars };
  }

  /** Removes all that is in the temporary folder. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
