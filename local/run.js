// Runs a command of local mode: node local/run.js <command> [arguments]. In JavaScript that every Node.js reads: before
// `npm ci`, an older one than the project's own would only say that it knows no .ts files.
import { existsSync } from "node:fs";
import * as module from "node:module";

if (!existsSync(new URL("../node_modules", import.meta.url))) {
  console.error("the project's packages are not installed: run npm ci first");
  process.exit(1);
}
// Compiling what a command loads takes half of its start.
module.enableCompileCache?.();
const [command] = process.argv.splice(2, 1);
await import(`./commands/${command}.ts`);
