import { bearer, open } from "../tests/test-stack.ts";
import { interleave } from "./interleave.ts";
import { accessToken, npmStart } from "./npm-start.ts";
import { goal, heading, subject, table } from "./report.ts";
import { median, pick, valuesOf } from "./rounds.ts";
import type { Versions } from "./versions.ts";

const rounds = 5;
const limitMs = 3000;

/** Milliseconds that each phase of a start takes. */
interface Start {
  readonly npmMs: number;
  readonly programMs: number;
  readonly signInMs: number;
  readonly connectMs: number;
}

/** `npm start` in a new process, until a client with a token is connected. */
export async function benchStart(versions: Versions): Promise<void> {
  heading("start", "npm start, to the first open connection");
  const starts = await interleave(
    "npm start",
    rounds,
    versions.map(({ name, root }) => ({ name, run: () => startAndConnect(root) })),
  );
  const own = (name: string, of: (start: Start) => number) =>
    [name, valuesOf(pick(starts, of), subject)] as const;
  table(
    "ms",
    new Map([
      own("npm, until it runs Node.js", ({ npmMs }) => npmMs),
      own("the program, bundles and servers", ({ programMs }) => programMs),
      own("sign in at the user pool", ({ signInMs }) => signInMs),
      own("first connection: two functions' cold starts", ({ connectMs }) => connectMs),
    ]),
    0,
  );
  const all = pick(starts, (start) => Object.values(start).reduce((sum, ms) => sum + ms, 0));
  table("ms, all of it", all, 0);
  goal(`at most ${limitMs.toLocaleString("en-US")} ms`, median(valuesOf(all, subject)), limitMs, 0);
}

async function startAndConnect(root: string): Promise<Start> {
  const startedAt = performance.now();
  const npm = npmStart(root);
  try {
    const { output } = npm;
    await output.matching(/^> node .*$/m);
    const npmEndedAt = performance.now();
    const [, poolPort] = await output.matching(/^ *http:\/\/localhost:(\d+) .*$/m);
    const [, url = ""] = await output.matching(/^ *(ws:\/\/localhost:\d+\/\S+)$/m);
    await output.matching(/Ctrl-C/);
    const readyAt = performance.now();
    const token = await accessToken(Number(poolPort));
    const signedInAt = performance.now();
    const socket = await open(url, bearer(token));
    const connectedAt = performance.now();
    socket.terminate();
    return {
      npmMs: npmEndedAt - startedAt,
      programMs: readyAt - npmEndedAt,
      signInMs: signedInAt - readyAt,
      connectMs: connectedAt - signedInAt,
    };
  } finally {
    await npm.stop();
  }
}
