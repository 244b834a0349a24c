import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { runCommand, UsageError } from "./command-line.ts";
import { diagramFile, drawDiagram } from "./drawn-diagram.ts";

const usage = `npm run diagram

Draws docs/architecture.svg from what the program declares.

  --help   this text`;

await runCommand(usage, {}, async ({ positionals }) => {
  if (positionals.length > 0) throw new UsageError(`Unexpected argument '${positionals[0]}'\n\n${usage}`);
  writeFileSync(diagramFile, await drawDiagram());
  console.log(`drew ${relative(process.cwd(), diagramFile)}`);
});
