import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import { dirname, join } from "node:path";
import type { StackConfig } from "../local/program/stack-config.ts";
import { runUnderHost } from "../tests/host/run-under-host.ts";
import { testStackConfig } from "../tests/test-stack.ts";
import { interleave } from "./interleave.ts";
import { heading, note, ratioGoal, subject, table } from "./report.ts";
import { pick } from "./rounds.ts";
import { writeCommonjsProgram } from "./temporary-programs.ts";

const rounds = 3;
const esModuleTypescript = "with typescript: true";
const tsNode = "under ts-node, new or changed";
const tsNodeAgain = "under ts-node, unchanged";

/** Pulumi's own Node.js runner, with this program as it is and as its default runtime would run it. */
export async function benchProgram(): Promise<void> {
  heading("program", "Pulumi's Node.js runner, from the start of its process to the last registration");
  const commonjs = writeCommonjsProgram();
  // Without fetching keys: that would take the same time each time.
  const stackConfig = testStackConfig({ jwks: "runtime" });
  const folder = dirname(commonjs.programPath);
  const commonjsConfig = { ...stackConfig, rootDirectory: folder, workingDirectory: folder, main: "." };
  const cache = mkdtempSync(join(os.tmpdir(), "bench-ts-node-"));
  const runner = (name: string, config: StackConfig, environment: Readonly<Record<string, string>>) => ({
    name,
    run: () => runProgram(config, environment),
  });
  const typescript = { PULUMI_NODEJS_TYPESCRIPT: "true" };
  const runs = await interleave("program", rounds, [
    runner(subject, stackConfig, {}),
    runner(esModuleTypescript, stackConfig, typescript),
    {
      name: tsNode,
      run: async () => {
        rmSync(cache, { recursive: true });
        return runProgram(commonjsConfig, { ...typescript, TS_NODE_CACHE_DIRECTORY: cache });
      },
    },
    runner(tsNodeAgain, commonjsConfig, { ...typescript, TS_NODE_CACHE_DIRECTORY: cache }),
  ]);
  rmSync(cache, { recursive: true });
  commonjs.remove();
  const counts = new Set([...runs.values()].flat().map(({ registrations }) => registrations));
  if (counts.size > 1) throw new Error(`the programs differ: they register ${[...counts]} resources`);
  const times = pick(runs, ({ lastRegistrationMs }) => lastRegistrationMs);
  table("ms", times, 0);
  ratioGoal(times, tsNode, 0.25);
  note(
    "with typescript: true this program starts as without: Pulumi leaves ES modules to Node.js, not to ts-node",
  );
  note(
    "so under ts-node it runs as CommonJS: same sources, no .ts in imports, the entry in an async function",
  );
  note("ts-node keeps what it compiled in the temporary folder until a source changes");
}

interface ProgramRun {
  readonly registrations: number;
  readonly lastRegistrationMs: number;
}

/** Runs a program as `pulumi up` does. @throws {Error} what it said, if it fails */
export async function runProgram(
  config: StackConfig,
  environment: Readonly<Record<string, string>> = {},
): Promise<ProgramRun> {
  const { exitCode, resources, logs, stderr, durations } = await runUnderHost(config, { environment });
  if (exitCode !== 0) throw new Error([...logs.map((message) => message.text), stderr].join("\n"));
  return { registrations: resources.length, lastRegistrationMs: durations.lastRegistrationMs };
}
