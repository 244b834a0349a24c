import { runCommand, UsageError } from "../local/commands/command-line.ts";
import { OperatorError } from "../local/operator-error.ts";
import type { ConformanceCase } from "./conformance-case.ts";
import { progress, reportOf } from "./report.ts";
import { deployedRunOptions, type Outcome, type RunOptions, runCases } from "./run-cases.ts";
import { type Section, sections } from "./sections.ts";
import { readTarget, type Target, type TargetOptions } from "./target.ts";
import { plainGet } from "./upgrade.ts";

const usage = `npm run conformance -- [options]

Proves one by one what AWS does, on the endpoint that the variables CONFORMANCE_* tell of (conformance/README.md).

  --local          on local mode, which it starts
  --only <text>    only cases whose name or section contains the text
  --slow           also those that take hours
  --list           names them, and where each fact is from
  --help           this text`;

const offer = `No variable tells of an endpoint. To run on local mode: npm run conformance -- --local
`;

const options = {
  local: { type: "boolean" },
  only: { type: "string" },
  slow: { type: "boolean" },
  list: { type: "boolean" },
} as const;

await runCommand(usage, options, async ({ values, positionals }) => {
  if (positionals.length > 0) throw new UsageError(`Unexpected argument '${positionals[0]}'\n\n${usage}`);
  const chosen = choose(values.only);
  if (values.list) console.log(listOf(chosen));
  else process.exit(await (values.local ? runLocally : runDeployed)(chosen, { slow: values.slow ?? false }));
});

function choose(text = ""): readonly Section[] {
  const chosen = sections
    .map(({ title, cases }) => ({
      title,
      cases: cases.filter(({ fact }) => `${title} ${fact}`.includes(text)),
    }))
    .filter(({ cases }) => cases.length > 0);
  if (chosen.length === 0)
    throw new UsageError(`no case contains ${JSON.stringify(text)}: --list names them`);
  return chosen;
}

function listOf(chosen: readonly Section[]): string {
  return chosen
    .map(({ title, cases }) =>
      [title, ...cases.map(({ fact, source }) => `  ${fact} (${source})`)].join("\n"),
    )
    .join("\n\n");
}

async function runLocally(chosen: readonly Section[], options: TargetOptions): Promise<number> {
  // Loads Pulumi, which a run on a deployed stack does without.
  const { localRunOptions, startLocalTarget } = await import("./local-target.ts");
  const local = await startLocalTarget();
  try {
    const target = readTarget(local.environment, {
      ...options,
      connectionsPerSecond: Number.POSITIVE_INFINITY,
    });
    return await run(chosen, target, localRunOptions);
  } finally {
    await local.close();
  }
}

async function runDeployed(chosen: readonly Section[], options: TargetOptions): Promise<number> {
  if (!process.env.CONFORMANCE_URL) console.error(offer);
  const target = readTarget(process.env, options);
  await plainGet(target.url).catch((error) => {
    throw new OperatorError(`${target.url} cannot be reached: ${error.message || error.code}`);
  });
  return run(chosen, target, deployedRunOptions);
}

/** Runs the cases and prints the report. @returns the exit code */
async function run(chosen: readonly Section[], target: Target, options: RunOptions): Promise<number> {
  const cases = chosen.flatMap((section) => section.cases);
  const startedAt = performance.now();
  console.log(`${cases.length} cases on ${target.url}\n`);
  const outcomes = new Map<ConformanceCase, Outcome>();
  await Promise.all(
    [...runCases(cases, target, options)].map(async ([one, outcome]) => {
      outcomes.set(one, await outcome);
      progress(outcomes.size, cases.length);
    }),
  );
  console.log(reportOf(chosen, outcomes, (performance.now() - startedAt) / 1000));
  return [...outcomes.values()].some(({ state }) => state === "failed") ? 1 : 0;
}
