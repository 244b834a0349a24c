import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { OperatorError } from "../operator-error.ts";
import { busyFrames } from "./busy-place.ts";
import { installAdvice } from "./install-advice.ts";
import { goDescriptor, type ProgramOrder, type ProgramReport, reportDescriptor } from "./program-order.ts";
import { type LogMessage, ResourceMonitor } from "./resource-monitor.ts";
import type { RunningProgram } from "./running-program.ts";
import type { StackConfig } from "./stack-config.ts";

/** A line that a program writes itself, or logs through Pulumi. */
export interface ProgramLine {
  readonly from: "stdout" | "stderr" | LogMessage["severity"];
  readonly text: string;
}

/** How the process of a program ended. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it logged with severity error. */
  readonly errors: readonly string[];
  /** The last lines that it wrote to stderr. */
  readonly stderr: readonly string[];
}

/** What of a project decides how its process is started. */
export interface ProcessKey
  extends Pick<StackConfig, "project" | "stack" | "rootDirectory" | "workingDirectory" | "main" | "runtime"> {
  /** When the files were changed that Pulumi's runner reads before the program, in ms; undefined for one that is not there. */
  readonly readAt: readonly (number | undefined)[];
}

/** After the process has ended, its output may still be held open by what it started. */
const outputGraceMs = 200;
const keptLines = 20;
const preload = new URL("preload.ts", import.meta.url).href;

/** A process under Pulumi's own Node runner, with a monitor of its own. It waits until it is started. */
export class ProgramProcess {
  /** Absolute paths of the files that the program has loaded, packages aside. */
  readonly loadedFiles = new Set<string>();
  /** Resolves when the process has ended and its output is read. */
  readonly end: Promise<ProcessEnd>;
  /** Rejects if the monitor cannot listen. */
  readonly ready: Promise<void>;
  /** Whether Pulumi's package was not there when the process looked: it may be there now. */
  isIncomplete = false;
  readonly #started = Promise.withResolvers<void>();
  readonly #monitor: ResourceMonitor;
  readonly #errors: string[] = [];
  readonly #stderr: string[] = [];
  #child: ChildProcess | undefined;
  #isEnded = false;
  #onLine: (line: ProgramLine) => void = () => {};

  /** @throws {OperatorError} if the project has no packages */
  constructor(key: ProcessKey) {
    const runner = runnerOf(key);
    this.#monitor = new ResourceMonitor(({ severity, text }) => {
      if (severity === "error") this.#errors.push(text);
      else if (severity !== "debug") this.#onLine({ from: severity, text });
    });
    const started = this.#monitor.listen().then((address) => this.#spawn(key, runner, address));
    this.ready = started.then(() => {});
    this.ready.catch(() => {});
    this.end = started.then((child) => this.#ended(child));
    this.end.catch(() => {});
  }

  /** Lets the process run the program. @param onLine told of each line that it writes or logs, but for errors */
  async start(
    order: ProgramOrder,
    program: RunningProgram,
    onLine: (line: ProgramLine) => void,
  ): Promise<void> {
    this.#onLine = onLine;
    await this.ready;
    const channel = this.#child?.stdio[goDescriptor] as Writable;
    // A process that has ended already says why by its end.
    channel.on("error", () => {});
    channel.write(`${JSON.stringify(order)}\n`);
    await Promise.race([this.#started.promise, this.end]);
    this.#monitor.serve(program);
  }

  /** Where the program is in an endless loop, as frames of a stack; none for a program that only waits. */
  async busyFrames(): Promise<readonly string[]> {
    // Windows has no such signal.
    if (process.platform === "win32") return [];
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#onLine = ({ text }) => {
      const url = /^Debugger listening on (\S+)/.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    };
    this.#child?.kill("SIGUSR1");
    return busyFrames(promise);
  }

  /** Ends the process, if it is there still. */
  async kill(): Promise<void> {
    await this.ready.catch(() => {});
    if (!this.#isEnded) this.#child?.kill("SIGKILL");
    await this.end.catch(() => {});
  }

  #spawn(key: ProcessKey, runner: string, address: string): ChildProcess {
    const { project, stack, rootDirectory, workingDirectory, main, runtime } = key;
    const child = spawn(
      process.execPath,
      [
        // Any free port, should the process be asked where it is.
        "--inspect-port=0",
        `--import=${preload}`,
        ...runtime.nodeArgs,
        runner,
        ...["--monitor", address, "--engine", address],
        ...["--organization", "organization", "--project", project, "--stack", stack],
        ...["--root-directory", rootDirectory, "--pwd", workingDirectory, "--parallel", "64"],
        main,
      ],
      {
        cwd: workingDirectory,
        env: environmentOf(key, address),
        stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
        windowsHide: true,
      },
    );
    this.#child = child;
    this.#readLines(child.stdout, (text) => this.#onLine({ from: "stdout", text }));
    this.#readLines(child.stderr, (text) => {
      this.#stderr.push(text);
      if (this.#stderr.length > keptLines) this.#stderr.shift();
      this.#onLine({ from: "stderr", text });
    });
    this.#readLines(child.stdio[reportDescriptor] as Readable, (line) => this.#note(JSON.parse(line)));
    return child;
  }

  #readLines(stream: Readable | null, onLine: (line: string) => void): void {
    if (stream) createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on("line", onLine);
  }

  #note(report: ProgramReport): void {
    if ("loaded" in report) this.loadedFiles.add(report.loaded);
    else if ("missing" in report) this.isIncomplete = report.missing;
    else this.#started.resolve();
  }

  async #ended(child: ChildProcess): Promise<ProcessEnd> {
    const closed = once(child, "close");
    const [exitCode, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    this.#isEnded = true;
    await Promise.race([closed, setTimeout(outputGraceMs)]);
    this.#monitor.close();
    return { exitCode, signal, errors: this.#errors, stderr: this.#stderr };
  }
}

/** Path of Pulumi's runner among the program's own packages. @throws {OperatorError} that says how to install them */
function runnerOf({ workingDirectory }: ProcessKey): string {
  try {
    return createRequire(join(workingDirectory, "program.js")).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    throw new OperatorError(installAdvice(workingDirectory, "@pulumi/pulumi"));
  }
}

/** Pulumi's packages read these when they are first loaded, which is before the run. */
function environmentOf(key: ProcessKey, address: string): NodeJS.ProcessEnv {
  const { project, stack, rootDirectory, runtime } = key;
  return {
    ...process.env,
    PULUMI_CONFIG: "{}",
    PULUMI_CONFIG_SECRET_KEYS: "[]",
    PULUMI_NODEJS_PROJECT: project,
    PULUMI_NODEJS_STACK: stack,
    PULUMI_NODEJS_ORGANIZATION: "organization",
    PULUMI_NODEJS_ROOT_DIRECTORY: rootDirectory,
    PULUMI_NODEJS_PARALLEL: "64",
    PULUMI_NODEJS_MONITOR: address,
    PULUMI_NODEJS_ENGINE: address,
    PULUMI_NODEJS_TYPESCRIPT: String(runtime.typescript),
    ...(runtime.tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: runtime.tsconfig }),
  };
}
