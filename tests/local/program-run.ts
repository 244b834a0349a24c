import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const projectRoot = fileURLToPath(new URL("../..", import.meta.url));

/** Commands run without colors and npm settings of whoever runs the tests. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_|NO_COLOR$|FORCE_COLOR$)/i.test(name)),
);

export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command in a process group of its own, as in a terminal, whose output can be waited for. */
export class ProgramRun {
  stdout = "";
  stderr = "";
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;

  constructor(command: string, args: readonly string[], { folder = projectRoot, limitMs = 60_000 } = {}) {
    const child = spawn(command, args, {
      cwd: folder,
      env: environment,
      detached: true,
      timeout: limitMs,
    });
    this.#child = child;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.ended = once(child, "close").then(([exitCode, signal]) => {
      const { stdout, stderr } = this;
      return { exitCode, signal, stdout, stderr };
    });
  }

  /** Resolves with all that was printed as soon as it has the text, after `from`. @throws {Error} with all, if the command ends first */
  async printed(text: string, from = 0): Promise<string> {
    while (!this.stdout.includes(text, from)) {
      const more = await Promise.race([once(this.#child.stdout ?? this.#child, "data"), this.ended]);
      if ("exitCode" in more) throw new Error(`it ended: ${JSON.stringify(more)}`);
    }
    return this.stdout;
  }

  /** Types a line on its terminal. */
  type(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** What Ctrl-C does: the signal goes to the command and all that it has started. */
  interrupt(): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid && exitCode === null && signalCode === null) process.kill(-pid, "SIGINT");
  }
}

/** What `npm start` runs, without npm. */
export function start(...args: string[]): ProgramRun {
  return new ProgramRun(process.execPath, ["local/commands/start.ts", ...args]);
}

/** What `npm run token` runs, without npm. */
export function token(...args: string[]): ProgramRun {
  return new ProgramRun(process.execPath, ["local/commands/token.ts", ...args]);
}
