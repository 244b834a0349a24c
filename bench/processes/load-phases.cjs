// node load-phases.cjs <bundle> <events>: times what the first decision of a process is made of
const { readFileSync, writeSync } = require("node:fs");

const [bundle, eventsFile] = process.argv.slice(2);
const events = JSON.parse(readFileSync(eventsFile, "utf8"));
const phases = {};

(async () => {
  await time("node:crypto", () => require("node:crypto"));
  await time("process.stdout, a pipe", () => process.stdout.writable);
  const { handler } = await time("the bundle", () => require(bundle));
  await time("the first decision", () => handler(events[0]));
  await time("the second decision", () => handler(events[1]));
  await time("not in it: https, left out of the bundle", () => require("node:https"));
  writeSync(3, JSON.stringify(phases));
  process.exit();
})();

async function time(phase, run) {
  const startedAt = performance.now();
  const result = await run();
  phases[phase] = performance.now() - startedAt;
  return result;
}
