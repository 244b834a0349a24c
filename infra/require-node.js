// Runs before the program under `pulumi up`, in JavaScript that every Node.js reads: an older one than package.json
// asks for would only say that it knows no .ts files.
import { readFileSync } from "node:fs";

const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const required = engines.node.replace(">=", "");
const [major, minor] = process.versions.node.split(".").map(Number);
const [requiredMajor, requiredMinor] = required.split(".").map(Number);
if (major < requiredMajor || (major === requiredMajor && minor < requiredMinor)) {
  console.error(
    `this program needs Node.js ${required} or newer, but Pulumi started ${process.versions.node}: run it with "npm run preview" or "npm run up", which bring Node.js 24`,
  );
  process.exit(1);
}
