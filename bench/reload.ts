import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { WebSocket } from "ws";
import { checkOut } from "../tests/program/checkout.ts";
import { ask, bearer, open } from "../tests/test-stack.ts";
import { accessToken, npmStart } from "./npm-start.ts";
import { goal, heading, progress, table } from "./report.ts";
import { median } from "./rounds.ts";

const projectRoot = fileURLToPath(new URL("..", import.meta.url));
const starts = 3;
const laterReloads = 4;
const limitMs = 1000;

/** As long as somebody looks at the answer before the next save. */
const pauseMs = 1500;

/** `npm start`, from a save of a function to its first answer in the new code, on a connection that stays open. */
export async function benchReload(): Promise<void> {
  heading("reload", "npm start, from a save to the first answer in the new code");
  const first: number[] = [];
  const later: number[] = [];
  for (let round = 1; round <= starts; round++) {
    progress("npm start, and saves", round, starts);
    const [one = Number.NaN, ...others] = await startAndSave();
    first.push(one);
    later.push(...others);
  }
  table(
    "ms",
    new Map([
      ["the first save, at once after the first connection", first],
      ["later ones", later],
    ]),
    0,
  );
  goal(`at most ${limitMs.toLocaleString("en-US")} ms, the first`, median(first), limitMs, 0);
  goal(`at most ${limitMs.toLocaleString("en-US")} ms, later ones`, median(later), limitMs, 0);
}

/** Milliseconds that each save takes. */
async function startAndSave(): Promise<number[]> {
  const folder = mkdtempSync(join(os.tmpdir(), "bench-reload-"));
  const program = join(folder, "program");
  checkOut(program);
  for (const file of ["Pulumi.yaml", "Pulumi.dev.yaml"]) cpSync(join(projectRoot, file), join(program, file));
  const { output, stop } = npmStart("--program", program);
  try {
    const [, poolPort] = await output.matching(/^ *http:\/\/localhost:(\d+) .*$/m);
    const [, url = ""] = await output.matching(/^ *(ws:\/\/localhost:\d+\/\S+)$/m);
    await output.matching(/Ctrl-C/);
    const socket = await open(url, bearer(await accessToken(Number(poolPort))));
    const times: number[] = [];
    for (let save = 0; save <= laterReloads; save++) {
      if (save > 0) await setTimeout(pauseMs);
      times.push(await saveAndAsk(socket, program, save, output));
    }
    socket.terminate();
    return times;
  } finally {
    await stop();
    rmSync(folder, { recursive: true });
  }
}

async function saveAndAsk(
  socket: WebSocket,
  program: string,
  save: number,
  output: ReturnType<typeof npmStart>["output"],
): Promise<number> {
  const startedAt = performance.now();
  writeFileSync(
    join(program, "functions/whoami.ts"),
    `export const handler = async () => ({ statusCode: 200, body: "${save}" });\n`,
  );
  await output.matching(new RegExp(`(deployed in [^]*){${save + 1}}`));
  const answer = await ask(socket, '{"action":"whoami"}');
  if (answer !== String(save)) throw new Error(`save ${save} was answered ${answer}`);
  return performance.now() - startedAt;
}
