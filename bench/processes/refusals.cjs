// node refusals.cjs <bundle> <events>: prints a line for each event, by name: the effect of the policy, or refused
const { readFileSync, writeSync } = require("node:fs");

const [bundle, eventsFile] = process.argv.slice(2);
const events = JSON.parse(readFileSync(eventsFile, "utf8"));
const { handler } = require(bundle);

(async () => {
  for (const [name, event] of Object.entries(events)) {
    const effect = await handler(event).then(
      (answer) => answer.policyDocument.Statement[0].Effect,
      () => "refused",
    );
    writeSync(3, `${name}: ${effect}\n`);
  }
  process.exit();
})();
