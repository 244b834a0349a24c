// node first-decision.cjs <bundle> <events>: times the load of the bundle and its first decision, once told to start
const { readFileSync, readSync, writeSync } = require("node:fs");

const [bundle, eventsFile] = process.argv.slice(2);
const [event] = JSON.parse(readFileSync(eventsFile, "utf8"));
const parent = 3;
writeSync(parent, "ready\n");
readSync(0, Buffer.alloc(1));

const startedAt = performance.now();
require(bundle)
  .handler(event)
  .then((answer) => {
    const ms = performance.now() - startedAt;
    writeSync(parent, `${answer.policyDocument.Statement[0].Effect} ${ms}\n`);
    process.exit();
  });
