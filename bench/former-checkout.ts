import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { OperatorError } from "../local/operator-error.ts";

export const projectRoot = fileURLToPath(new URL("..", import.meta.url));

/** A version of this project that can be started. */
export interface Checkout {
  readonly root: string;
  remove(): void;
}

/**
 * Checks out a former revision into a temporary folder, where it shares the packages that are installed here.
 * @throws {OperatorError} for a revision that is not there
 */
export function formerCheckout(revision: string): Checkout {
  const root = realpathSync(mkdtempSync(join(os.tmpdir(), "bench-former-")));
  const remove = () => rmSync(root, { recursive: true, force: true });
  try {
    const archive = execFileSync("git", ["archive", revision], {
      cwd: projectRoot,
      maxBuffer: 2 ** 28,
      stdio: ["ignore", "pipe", "pipe"],
    });
    execFileSync("tar", ["-x", "-C", root], { input: archive });
  } catch (error) {
    remove();
    throw new OperatorError(`--before ${revision} cannot be checked out: ${(error as Error).message.trim()}`);
  }
  symlinkSync(join(projectRoot, "node_modules"), join(root, "node_modules"), "junction");
  return { root, remove };
}
