import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { readStackConfig } from "../local/engine/stack-config.ts";
import { demoUsers } from "../local/user-pool/demo-users.ts";
import { bearer, open } from "../tests/test-stack.ts";
import { goal, heading, table } from "./report.ts";
import { interleave, median, pick, valuesOf } from "./rounds.ts";

const projectRoot = fileURLToPath(new URL("..", import.meta.url));
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
  const npm = spawn("npm", ["start", "--", "--port", "0", "--user-pool-port", "0"], {
    cwd: projectRoot,
    // npm run -s would silence this npm as well, and with it the line that says when it is done.
    env: { ...process.env, npm_config_loglevel: "notice" },
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
    // A group of its own, so that it can be ended with all that it started.
    detached: process.platform !== "win32",
  });
  const closed = once(npm, "close");
  const stop = () => end(npm);
  process.once("exit", stop);
  try {
    const output = outputOf(npm);
    await output.matching(/^> node .*$/m);
    const npmEndedAt = performance.now();
    const [, poolPort] = await output.matching(/^ *http:\/\/localhost:(\d+) .*$/m);
    const [, url = ""] = await output.matching(/^ *(ws:\/\/localhost:\d+\/\S+)$/m);
    await output.matching(/Ctrl-C/);
    const readyAt = performance.now();
    const token = await signIn(Number(poolPort));
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
    stop();
    process.off("exit", stop);
    await closed;
  }
}

function outputOf({ stdout, stderr }: ChildProcess) {
  let text = "";
  let errors = "";
  stderr?.on("data", (chunk) => {
    errors += chunk;
  });
  stdout?.on("data", (chunk) => {
    text += chunk;
  });
  return {
    /** Waits for it. @throws {Error} what the process said, if it ends before */
    async matching(pattern: RegExp): Promise<RegExpExecArray> {
      for (;;) {
        const match = pattern.exec(text);
        if (match) return match;
        if (stdout?.readableEnded) throw new Error(`npm start ended early:\n${text}${errors}`);
        await Promise.race([
          once(stdout as NodeJS.ReadableStream, "data"),
          once(stdout as NodeJS.ReadableStream, "end"),
        ]);
      }
    },
  };
}

async function signIn(port: number): Promise<string> {
  const { project, config } = readStackConfig(projectRoot, "dev");
  const [clientId] = JSON.parse(config[`${project}:userPoolClientIds`] ?? "[]");
  const [user] = demoUsers;
  const response = await fetch(`http://localhost:${port}`, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
    },
    body: JSON.stringify({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: clientId,
      AuthParameters: { USERNAME: user?.username, PASSWORD: user?.password },
    }),
  });
  const answer = (await response.json()) as { AuthenticationResult: { AccessToken: string } };
  return answer.AuthenticationResult.AccessToken;
}

function end({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  process.kill(process.platform === "win32" ? pid : -pid, "SIGTERM");
}
