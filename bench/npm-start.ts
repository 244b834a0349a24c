import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { signIn } from "../local/commands/sign-in.ts";
import { readStackConfig } from "../local/program/stack-config.ts";
import { configuredPool } from "../local/this-program.ts";
import { demoUsers } from "../local/user-pool/demo-users.ts";
import { projectRoot } from "./former-checkout.ts";

/** `npm start` of a checkout, on free ports in a new process, with what it prints. */
export function npmStart(root: string, ...args: string[]) {
  const npm = spawn("npm", ["start", "--", "--port", "0", "--user-pool-port", "0", ...args], {
    cwd: root,
    // npm run -s would silence this npm as well, and with it the line that says when it is done.
    env: { ...process.env, npm_config_loglevel: "notice" },
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
    // A group of its own, so that it can be ended with all that it started.
    detached: process.platform !== "win32",
  });
  const closed = once(npm, "close");
  const kill = () => end(npm);
  process.once("exit", kill);
  return {
    output: outputOf(npm),
    async stop(): Promise<void> {
      kill();
      process.off("exit", kill);
      await closed;
    },
  };
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

/** An access token of the first demo user. */
export async function accessToken(port: number): Promise<string> {
  const [clientId = ""] = configuredPool(readStackConfig(projectRoot, "dev")).clientIds;
  const [user = { username: "", password: "" }] = demoUsers;
  return (await signIn(port, { clientId }, user)).AccessToken;
}

function end({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  process.kill(process.platform === "win32" ? pid : -pid, "SIGTERM");
}
