import { soak } from "./soak.ts";
import { replayCommand, soakSettings } from "./soak-settings.ts";

const settings = soakSettings({ seed: Math.trunc(Date.now() / 1000), seconds: 300 });
console.log(`replay with  ${replayCommand(settings)}\n`);
const { violations, counts, levels, mostWorkers, stalls } = await soak({
  ...settings,
  onProgress: (line) => console.log(line),
});
console.log();
console.table(counts);
console.table(
  Object.fromEntries(Object.entries(levels).map(([when, { resources, ...rest }]) => [when, rest])),
);
console.log(`at most ${mostWorkers} threads ran functions; the process stood still ${stalls} times`);
// What a violation leaves behind must not keep the process.
process.exit(violations.length > 0 ? 1 : 0);
