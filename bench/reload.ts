import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { WebSocket } from "ws";
import { ask, bearer, open } from "../tests/test-stack.ts";
import { interleave } from "./interleave.ts";
import { accessToken, npmStart } from "./npm-start.ts";
import { goal, heading, subject, table } from "./report.ts";
import { median, valuesOf } from "./rounds.ts";
import type { Versions } from "./versions.ts";

const starts = 2;
const saves = 8;
/** As long as somebody looks at the answer before the next save. */
const pauseMs = 3000;
const medianLimitMs = 1000;
const limitMs = 1500;

const programFiles = [
  ...["functions", "infra", "index.ts", "package.json", "tsconfig.json"],
  ...["Pulumi.yaml", "Pulumi.dev.yaml"],
];

/** `npm start`, from a save of a function to its first answer in the new code, on a connection that stays open. */
export async function benchReload(versions: Versions): Promise<void> {
  heading("reload", "npm start, from a save to the first answer in the new code");
  const runs = await interleave(
    "npm start, and saves",
    starts,
    versions.map(({ name, root }) => ({ name, run: () => startAndSave(root) })),
  );
  const times = new Map([...runs].map(([name, values]) => [name, values.flat()]));
  table(`ms, ${starts} × ${saves} saves, ${pauseMs / 1000} s apart, the first at once`, times, 0);
  const own = valuesOf(times, subject);
  goal(`median at most ${medianLimitMs.toLocaleString("en-US")} ms`, median(own), medianLimitMs, 0);
  goal(`each at most ${limitMs.toLocaleString("en-US")} ms`, Math.max(...own), limitMs, 0);
}

/** Milliseconds that each save takes. */
async function startAndSave(root: string): Promise<number[]> {
  const folder = realpathSync(mkdtempSync(join(os.tmpdir(), "bench-reload-")));
  const program = join(folder, "program");
  mkdirSync(program);
  for (const file of programFiles) cpSync(join(root, file), join(program, file), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(program, "node_modules"), "junction");
  const { output, stop } = npmStart(root, "--program", program);
  try {
    const [, poolPort] = await output.matching(/^ *http:\/\/localhost:(\d+) .*$/m);
    const [, url = ""] = await output.matching(/^ *(ws:\/\/localhost:\d+\/\S+)$/m);
    await output.matching(/Ctrl-C/);
    const socket = await open(url, bearer(await accessToken(Number(poolPort))));
    const times: number[] = [];
    for (let save = 0; save < saves; save++) {
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
