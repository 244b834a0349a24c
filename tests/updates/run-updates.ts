import { findPulumiCli, pulumiCliAbsence } from "../engine/pulumi-cli.ts";
import { changes } from "./changes.ts";
import { UpdateLab } from "./update-lab.ts";
import { tryChange } from "./update-matrix.ts";

/** Tries every change on a stack with a real Pulumi CLI: `npm run updates -- <part of a change's name>` tries some. */
const cli = findPulumiCli();
if (!cli) throw new Error(pulumiCliAbsence);
const [part = ""] = process.argv.slice(2);
const lab = await UpdateLab.start(cli);
let failures = 0;
let losses = 0;
let count = 0;
try {
  const stack = await lab.stack();
  const first = await stack.up();
  if (first.exitCode !== 0) throw new Error(first.stdout + first.stderr);
  for (const change of changes.filter(({ what }) => what.includes(part))) {
    for (const { what, problems, lost, second } of await tryChange(lab, stack, change)) {
      count++;
      failures += problems.length;
      losses += lost.length;
      console.log(
        `${problems.length + lost.length === 0 ? "ok  " : "FAIL"} ${what}${second.length > 0 ? ` (second up: ${second.length})` : ""}`,
      );
      for (const problem of problems) console.log(`       ${problem}`);
      for (const one of lost) console.log(`       lost: ${one}`);
    }
  }
} finally {
  await lab.close();
}
console.log(`${count} updates: ${failures} problems, ${losses} losses`);
process.exit(failures + losses > 0 ? 1 : 0);
