import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const wscatPath = join(dirname(createRequire(import.meta.url).resolve("wscat/package.json")), "bin/wscat");

export interface WscatResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `wscat -c <url>` until it ends, or until it has printed a line, which with `-x` is the first answer.
 * It takes the end of its input for the end of the session, so its input stays open.
 */
export function wscat(url: string, ...options: string[]): Promise<WscatResult> {
  const child = spawn(process.execPath, [wscatPath, "-c", url, ...options]);
  const { promise, resolve, reject } = Promise.withResolvers<WscatResult>();
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    if (stdout.includes("\n")) child.stdin.end();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.on("error", reject);
  child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  return promise;
}
