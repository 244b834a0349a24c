import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { BundledAuthorizer, BundledAuthorizers } from "./bundled-authorizers.ts";
import type { CpuShare } from "./cpu-share.ts";

export interface FirstDecision {
  /** From the load of the bundle to the decision. */
  readonly decisionMs: number;
  /** From the start of the process to its end. */
  readonly processMs: number;
}

const script = fileURLToPath(new URL("processes/first-decision.cjs", import.meta.url));

/** Starts a process for one decision. @param share holds it back from the load of the bundle on */
export async function decideFirst(
  { name, path }: BundledAuthorizer,
  { environment, eventsFile }: BundledAuthorizers,
  share?: CpuShare,
): Promise<FirstDecision> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [script, path, eventsFile], {
    env: environment,
    stdio: [share ? "pipe" : "ignore", "pipe", "inherit", "pipe"],
  });
  const closed = once(child, "close");
  child.stdout?.resume();
  let report = "";
  const reports = child.stdio[3] as Readable;
  reports.on("data", (text) => {
    report += text;
  });
  if (share) {
    await once(reports, "data");
    await share.hold(child.pid as number);
    child.stdin?.end("start");
  }
  await closed;
  share?.release();
  const processMs = performance.now() - startedAt;
  const [, decisionMs] = /^Allow (.+)$/m.exec(report) ?? [];
  if (decisionMs === undefined) throw new Error(`${name} did not accept a good token`);
  return { decisionMs: Number(decisionMs), processMs };
}
