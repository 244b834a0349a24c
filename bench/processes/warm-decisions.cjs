// node warm-decisions.cjs <bundle> <events>: times as many decisions as each message from the parent says
const { readFileSync } = require("node:fs");

const [bundle, eventsFile] = process.argv.slice(2);
const events = JSON.parse(readFileSync(eventsFile, "utf8"));
const { handler } = require(bundle);

process.on("message", async (count) => {
  const startedAt = performance.now();
  for (let i = 0; i < count; i++) await handler(events[i % events.length]);
  process.send(performance.now() - startedAt);
});
