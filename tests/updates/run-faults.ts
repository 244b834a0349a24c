import { setTimeout } from "node:timers/promises";
import { findPulumiCli, pulumiCliAbsence } from "../engine/pulumi-cli.ts";
import type { PulumiStack, Update } from "../engine/pulumi-stack.ts";
import { replacing } from "../program/checkout.ts";
import { failEachOnce, interruptAt } from "./faults.ts";
import { UpdateLab } from "./update-lab.ts";
import { changesOf, errorsOf, staleRoutes, surplusOf } from "./update-matrix.ts";

/** Fails, kills and interrupts the Pulumi CLI's updates, and tells what the next ones need: `node tests/updates/run-faults.ts`. */
const cli = findPulumiCli();
if (!cli) throw new Error(pulumiCliAbsence);
const domain = { domainName: "chat.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
const moved = { stageName: "live", domainName: "talk.example.com" };
const removal = { "index.ts": replacing('  new Route("whoami", { ...common, replies: true }),\n', "") };

const lab = await UpdateLab.start(cli);
const [scenario = "all", ...positions] = process.argv.slice(2);

async function report(what: string, stack: PulumiStack, more: readonly string[] = []) {
  const surplus = await surplusOf(lab, stack);
  console.log(
    `${what}: ${[...more, ...(surplus.length > 0 ? [`left over: ${surplus.join(", ")}`] : ["nothing left over"])].join("; ")}`,
  );
}

async function faults() {
  const stack = await lab.stack({ config: domain });
  const tell = async (what: string, { failed, runs, lost, last }: Awaited<ReturnType<typeof failEachOnce>>) =>
    report(what, stack, [
      `${failed.length} faults, ${runs} runs, exit code ${last.exitCode}`,
      `lost: ${lost.join(", ") || "nothing"}`,
    ]);
  await tell("first up", await failEachOnce(lab, () => stack.up()));
  stack.setConfig(moved);
  lab.edit(removal);
  await tell("update of a route, the stage and the domain", await failEachOnce(lab, () => stack.up()));
  const next = await stack.up();
  console.log(
    `  the next up: ${changesOf(next).join(", ")}; stale: ${staleRoutes(lab).join(", ") || "nothing"}`,
  );
  console.log(
    `  the one after it: ${changesOf(await stack.up()).join(", ") || "nothing to do"}; stale: ${staleRoutes(lab).join(", ") || "nothing"}`,
  );
  await tell("destroy", await failEachOnce(lab, () => stack.destroy()));
  lab.edit({});
}

async function recover(stack: PulumiStack, run: () => Promise<Update>): Promise<string[]> {
  const steps: string[] = [];
  for (let attempt = 0; attempt < 5; attempt++) {
    const update = await run();
    if (update.exitCode === 0) return [...steps, "finished"];
    const text = [...errorsOf(update), update.stderr].join("\n");
    steps.push(
      text
        .split("\n")
        .find((line) => /lock|pending|already exist|Conflict|error:/.test(line))
        ?.trim()
        .slice(0, 160) ?? text.slice(0, 160),
    );
    if (/locked by|pulumi cancel/.test(text)) await stack.run("cancel", "--yes");
    else if (/pending/.test(text)) await stack.run("refresh", "--yes", "--clear-pending-creates");
  }
  return [...steps, "NOT FINISHED"];
}

async function signals(signal: NodeJS.Signals) {
  const ns = positions.length > 0 ? positions.map(Number) : [5, 30, 60];
  for (const n of ns) {
    const stack = await lab.stack({ name: `s${n}${signal.toLowerCase()}`, config: domain });
    const first = await interruptAt(lab, n, signal, () => stack.up());
    await setTimeout(500);
    await report(
      `${signal} in a first up at ${first.at} (exit ${first.update.exitCode})`,
      stack,
      await recover(stack, () => stack.up()),
    );
    stack.setConfig({ stageName: "live" });
    lab.edit(removal);
    const second = await interruptAt(lab, Math.ceil(n / 4), signal, () => stack.up());
    await setTimeout(500);
    await report(
      `${signal} in an update at ${second.at} (exit ${second.update.exitCode})`,
      stack,
      await recover(stack, () => stack.up()),
    );
    const third = await interruptAt(lab, n, signal, () => stack.destroy());
    await setTimeout(500);
    await report(
      `${signal} in a destroy at ${third.at} (exit ${third.update.exitCode})`,
      stack,
      await recover(stack, () => stack.destroy()),
    );
    lab.edit({});
  }
}

try {
  if (scenario === "all" || scenario === "faults") await faults();
  if (scenario === "all" || scenario === "kill") await signals("SIGKILL");
  if (scenario === "all" || scenario === "interrupt") await signals("SIGINT");
} finally {
  await lab.close();
}
process.exit(0);
