import { spawn } from "node:child_process";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { testStackConfig } from "../tests/test-stack.ts";
import { type BundledAuthorizers, bundleAuthorizers } from "./bundled-authorizers.ts";
import { interleave } from "./interleave.ts";
import { installPeerPackages } from "./peer-packages.ts";
import { runProgram } from "./program.ts";
import { heading, note, subject, table } from "./report.ts";
import { pick, valuesOf } from "./rounds.ts";
import { writeEmptyProgram } from "./temporary-programs.ts";
import { decideWarm } from "./warm-decisions.ts";

const script = fileURLToPath(new URL("processes/load-phases.cjs", import.meta.url));
const layers = {
  "crypto.verify alone": "crypto-verify",
  "aws-jwt-verify's verifyJwtSync alone": "verify-jwt-sync",
};

/** What the figures of the other sections are made of: how much is this project's own, and how much is not. */
export async function profile(): Promise<void> {
  installPeerPackages();
  heading("profile", "where the time goes");
  const bundled = await bundleAuthorizers(layers);
  try {
    await profileFirstDecision(bundled);
    table("warm decision, µs", await decideWarm("warm decisions", bundled), 1);
  } finally {
    await bundled.close();
  }
  await profileProgram();
}

async function profileFirstDecision(bundled: BundledAuthorizers): Promise<void> {
  const rounds = await interleave("first decision", 21, [{ name: subject, run: () => loadPhases(bundled) }]);
  const [first] = rounds.get(subject) ?? [];
  const phases = Object.keys(first ?? {}).map((phase) => {
    const times = pick(rounds, (values) => values[phase] ?? Number.NaN);
    return [phase, valuesOf(times, subject)] as const;
  });
  table("first decision, one phase after the other, ms", new Map(phases), 2);
}

async function loadPhases({ authorizers, environment, eventsFile }: BundledAuthorizers) {
  const path = authorizers.find(({ name }) => name === subject)?.path ?? "";
  const child = spawn(process.execPath, [script, path, eventsFile], {
    env: environment,
    stdio: ["ignore", "pipe", "inherit", "pipe"],
  });
  child.stdout?.resume();
  return JSON.parse(await text(child.stdio[3] as Readable)) as Record<string, number>;
}

async function profileProgram(): Promise<void> {
  const empty = writeEmptyProgram();
  const stackConfig = testStackConfig({ jwks: "runtime" });
  const runs = await interleave("program", 5, [
    { name: subject, run: () => runProgram(stackConfig) },
    {
      name: "a program with one empty component",
      run: () =>
        runProgram({
          ...stackConfig,
          rootDirectory: dirname(empty.programPath),
          workingDirectory: dirname(empty.programPath),
        }),
    },
  ]);
  empty.remove();
  const times = pick(runs, ({ lastRegistrationMs }) => lastRegistrationMs);
  table("Pulumi's Node.js runner, to the last registration, ms", times, 0);
  note("both load @pulumi/pulumi and @pulumi/aws");
}
