import os from "node:os";
import { runCommand, UsageError } from "../local/commands/command-line.ts";
import { benchAuthorizer } from "./authorizer.ts";
import { benchConnect } from "./connect.ts";
import { formerCheckout, projectRoot } from "./former-checkout.ts";
import { benchIdle } from "./idle.ts";
import { benchLoad } from "./load.ts";
import { benchNewcomer } from "./newcomer.ts";
import { profile } from "./profile.ts";
import { benchProgram } from "./program.ts";
import { benchReload } from "./reload.ts";
import { line, subject } from "./report.ts";
import { benchStart } from "./start.ts";
import type { Versions } from "./versions.ts";

const sections = {
  program: benchProgram,
  authorizer: benchAuthorizer,
  start: benchStart,
  reload: benchReload,
  load: benchLoad,
  idle: benchIdle,
  connect: benchConnect,
  newcomer: benchNewcomer,
  profile,
};
const usual = ["program", "authorizer", "start", "reload"];

const usage = `npm run bench -- [section ...] [--before <revision>]

Measures this project beside its alternatives, in turn and in one run, and prints medians and ratios.

  program      Pulumi's Node.js runner: this program as it is, and under ts-node
  authorizer   the authorizer's bundle: its size, its first decision, its decisions per second
  start        npm start to the first open connection
  reload       a save while npm start runs to the first answer in the new code
  load         messages per second through local mode (only if named, as all that follow)
  connect      connections per second that local mode opens
  idle         memory of an idle connection to local mode
  newcomer     a fresh clone to the first answer, as README.md tells it
  profile      where the time of program and authorizer goes

  --before <revision>   measures start and reload beside a former revision of this project, in the same run`;

// Whatever still runs is ended on exit.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

const options = { before: { type: "string" } } as const;

await runCommand(usage, options, async ({ values: { before }, positionals }) => {
  const former = before === undefined ? undefined : formerCheckout(before);
  const versions = [
    { name: subject, root: projectRoot },
    ...(former ? [{ name: `before, ${before}`, root: former.root }] : []),
  ];
  try {
    await run(positionals.length > 0 ? positionals : usual, versions);
  } finally {
    former?.remove();
  }
});

async function run(names: readonly string[], versions: Versions): Promise<void> {
  const unknown = names.find((name) => !(name in sections));
  if (unknown !== undefined) throw new UsageError(`there is no section ${unknown}\n\n${usage}`);
  const [cpu] = os.cpus();
  const load = os.loadavg()[0] ?? 0;
  line(
    `node ${process.version}, ${process.platform} ${process.arch}, ${os.availableParallelism()} cores` +
      `${cpu ? ` (${cpu.model.trim()})` : ""}, load ${load.toFixed(1)} before the start`,
  );
  for (const name of names) await sections[name as keyof typeof sections](versions);
}
