import { bearer, open } from "../tests/test-stack.ts";
import { accessToken, npmStart } from "./npm-start.ts";
import { goal, heading, table } from "./report.ts";
import { interleave, median, pick, valuesOf } from "./rounds.ts";

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
export async function benchStart(): Promise<void> {
  heading("start", "npm start, to the first open connection");
  const starts = await interleave("npm start", rounds, [{ name: "all", run: startAndConnect }]);
  const phase = (name: string, of: (start: Start) => number) =>
    [name, valuesOf(pick(starts, of), "all")] as const;
  const all = phase(
    "all",
    ({ npmMs, programMs, signInMs, connectMs }) => npmMs + programMs + signInMs + connectMs,
  );
  table(
    "ms",
    new Map([
      phase("npm, until it runs Node.js", ({ npmMs }) => npmMs),
      phase("the program, bundles and servers", ({ programMs }) => programMs),
      phase("sign in at the user pool", ({ signInMs }) => signInMs),
      phase("first connection: two functions' cold starts", ({ connectMs }) => connectMs),
      all,
    ]),
    0,
  );
  goal(`at most ${limitMs.toLocaleString("en-US")} ms`, median(all[1]), limitMs, 0);
}

async function startAndConnect(): Promise<Start> {
  const startedAt = performance.now();
  const npm = npmStart();
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
