import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Compiling Pulumi and the AWS SDK takes most of the time of a short process, and the tests start a hundred of them.
// The first mocha process makes the folder, which its jobs and all that they start share, and removes it.
if (process.env.NODE_COMPILE_CACHE === undefined) {
  const folder = mkdtempSync(join(tmpdir(), "compile-cache-"));
  process.env.NODE_COMPILE_CACHE = folder;
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
}
